import { frameAt, frameCount, type FrameIndex, type FrameSpan, timeOf } from '#shared/domain/frame-index.ts'
import { computed, onScopeDispose, type Ref, shallowRef, watch } from 'vue'
import { createFolderPictures, type FolderPictures } from './folder-pictures.ts'
import type { FrameCover } from './frame-cover.ts'
import { useVideoClock } from './use-video-clock.ts'

export interface FrameSource {
  index: FrameIndex
  /** Add to a time of the index to get the video element's. */
  playerOffsetMs: number
  /** The frames of the clip; a recording may hold more on both sides. */
  clip: FrameSpan
  /** Where the pictures of a frame folder are, the number put behind: there is no video then. */
  pictureUrl?: string | null
}

/**
 * Where inside a frame's interval to seek, attempt by attempt. Not its start: players round that either way. The later
 * places are for variable rates, where the player goes by the lengths that the file claims: too long for the frame
 * before, it is shown until late in the interval; too short for this one, the next is shown early.
 */
const PLACES = [0.5, 0.93, 0.07]
/** The slowest that Chromium plays. */
const CRAWL = 0.0625
/** Long enough for a decoder to go from one key frame to the next; then the picture is called unknown. */
const SEEK_TIMEOUT_MS = 8000
const PICTURE_TIMEOUT_MS = 600
/** Pictures to wait for while crawling, at 1/16 speed and 25 fps each two thirds of a second apart. */
const MOST_CRAWLED = 3

/** Resolves with the first of these events, or when the time is over. */
function eventOf(target: EventTarget, names: readonly string[], timeoutMs: number): Promise<void> {
  return new Promise(resolve => {
    const done = () => {
      clearTimeout(timer)
      for (const name of names) target.removeEventListener(name, done)
      resolve()
    }
    const timer = setTimeout(done, timeoutMs)
    for (const name of names) target.addEventListener(name, done)
  })
}

export function clampFrame(source: FrameSource, frame: number): number {
  return Math.min(frameCount(source.index) - 1, Math.max(0, frame))
}

/** The element's time, in seconds, at a place inside a frame. */
export function placeIn(source: FrameSource, frame: number, part = 0.5): number {
  const startMs = timeOf(source.index, frame)
  return (startMs + (timeOf(source.index, frame + 1) - startMs) * part + source.playerOffsetMs) / 1000
}

async function seekTo(element: HTMLVideoElement, seconds: number): Promise<void> {
  const seeked = eventOf(element, ['seeked', 'emptied', 'error'], SEEK_TIMEOUT_MS)
  element.currentTime = seconds
  await seeked
}

/** Lets callers wait for the next picture, but not for ever: a hidden page presents none. */
function createArrivals() {
  const waiting = new Set<() => void>()
  const next = () =>
    new Promise<void>(resolve => {
      const wake = () => {
        clearTimeout(timer)
        waiting.delete(wake)
        resolve()
      }
      const timer = setTimeout(wake, PICTURE_TIMEOUT_MS)
      waiting.add(wake)
    })
  const wakeAll = () => {
    for (const wake of waiting) wake()
  }
  return { next, wakeAll }
}

interface Crawl {
  element: HTMLVideoElement
  from: FrameSource
  frame: number
  presented: Readonly<Ref<number | null>>
  nextPicture: () => Promise<void>
}

/** No seek shows some frames of a millisecond or two: they only come up when the video plays past them. */
async function crawlTo({ element, from, frame, presented, nextPicture }: Crawl): Promise<void> {
  if (!element.paused) return
  const { muted, playbackRate } = element
  await seekTo(element, placeIn(from, clampFrame(from, frame - 1)))
  if ((presented.value ?? frame) >= frame) await nextPicture()
  element.muted = true
  element.playbackRate = CRAWL
  try {
    await element.play()
    for (let pictures = 0; pictures < MOST_CRAWLED && (presented.value ?? frame) < frame; pictures += 1)
      await nextPicture()
  } catch {
    // Refused before the first click or key in a page: the frame then stays unreached, and its number unshown.
  } finally {
    element.pause()
    element.muted = muted
    element.playbackRate = playbackRate
  }
}

/**
 * Which frame is on screen, and how to put another one there: the cover's where it covers the video, and else the one
 * that the compositor tells.
 */
export function useFramePictures(
  video: Readonly<Ref<HTMLVideoElement | null>>,
  source: Readonly<Ref<FrameSource | null>>,
  cover: FrameCover | null = null,
) {
  const presented = shallowRef<number | null>(null)
  const pictures = createArrivals()

  const presentedMs = useVideoClock(video, mediaTimeMs => {
    const from = source.value
    presented.value = from && frameAt(from.index, mediaTimeMs - from.playerOffsetMs)
    pictures.wakeAll()
  })

  let folder: FolderPictures | null = null
  watch(
    source,
    (from, _before, onCleanup) => {
      folder = from?.pictureUrl ? createFolderPictures(from.pictureUrl, frameCount(from.index)) : null
      onCleanup(() => folder?.dispose())
    },
    { flush: 'sync', immediate: true },
  )

  // A time of one file means nothing in the index of another: no number until the next picture is presented.
  watch(
    () => source.value?.index,
    () => (presented.value = null),
    { flush: 'sync' },
  )
  watch(presentedMs, timeMs => timeMs === null && (presented.value = null), { flush: 'sync' })

  async function show(frame: number, attempt: number): Promise<number | null> {
    const [element, from] = [video.value, source.value]
    if (from && folder) return showPicture(folder, clampFrame(from, frame))
    if (!element || !from) return null
    if (element.readyState === 0) await eventOf(element, ['loadedmetadata', 'error'], SEEK_TIMEOUT_MS)
    const place = PLACES[attempt]
    if (place === undefined) await crawlTo({ element, from, frame, presented, nextPicture: pictures.next })
    else await seekTo(element, placeIn(from, clampFrame(from, frame), place))
    if (presented.value !== frame && element.paused) await pictures.next()
    return presented.value
  }

  async function showPicture(from: FolderPictures, frame: number): Promise<number | null> {
    const picture = await from.get(frame)
    // Meanwhile another folder may be on stage.
    return from === folder && cover?.draw(picture, frame) ? frame : null
  }

  onScopeDispose(() => pictures.wakeAll())

  return { shown: computed(() => cover?.frame.value ?? presented.value), show }
}
