import type { ViewChoice } from '#shared/contract/app.ts'
import type { MediaId, RecordingId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import { computed, type Ref, shallowReactive, shallowRef, watch } from 'vue'
import { type Api, useApi } from '../../api/client.ts'
import type { Follower } from '../../composables/follow-leader.ts'
import { useRequest } from '../../composables/use-request.ts'
import { onCorpusChange, useCorpus } from '../../stores/corpus.ts'
import { useSettings } from '../../stores/settings.ts'

/** As many as a screen holds and a machine decodes. */
export const MOST_VIEWS = 6
export const LAYOUTS = ['large', 'row', 'grid'] as const

const DEFAULT: ViewChoice = { layout: 'large', order: [], hidden: [], audible: [], leaders: [] }

/** The media in the order somebody chose; those without a place in it come behind, as they were added. */
export function inOrder(media: readonly MediaFacts[], order: readonly MediaId[]): MediaFacts[] {
  const place = (id: MediaId) => (order.includes(id) ? order.indexOf(id) : order.length)
  return media.toSorted((a, b) => place(a.id) - place(b.id) || a.id - b.id)
}

/** `id` moved to the place that `to` has. */
export function moved(ids: readonly MediaId[], id: MediaId, to: MediaId): MediaId[] {
  const rest = ids.filter(each => each !== id)
  const at = ids.indexOf(to)
  return [...rest.slice(0, at), id, ...rest.slice(at)]
}

function toggled(ids: readonly MediaId[], id: MediaId): MediaId[] {
  return ids.includes(id) ? ids.filter(each => each !== id) : [...ids, id]
}

/** How the open corpus is looked at. */
function useViewChoice() {
  const corpus = useCorpus()
  const settings = useSettings()
  const dir = computed(() => corpus.current?.dir ?? '')
  const choice = computed(() => settings.current.views[dir.value] ?? DEFAULT)

  function save(patch: Partial<ViewChoice>): void {
    const views = { ...settings.current.views, [dir.value]: { ...choice.value, ...patch } }
    void settings.save({ views })
  }

  return { choice, save }
}

/** What is done to the videos of a recording; the core keeps it, and undo takes it back. */
function mediaActs(api: Api, recordingId: Readonly<Ref<RecordingId | null>>, load: () => Promise<void>) {
  async function add(path: string): Promise<void> {
    if (recordingId.value === null) return
    await api.media.add({ recordingId: recordingId.value, path })
    await load()
  }

  async function remove(mediaId: MediaId): Promise<void> {
    await api.media.remove({ mediaId })
    await load()
  }

  async function setOffset(mediaId: MediaId, offsetMs: number): Promise<void> {
    await api.media.setOffset({ mediaId, offsetMs })
    await load()
  }

  return { add, remove, setOffset }
}

/** The videos of a recording and how somebody likes to see them; remembered for the corpus. */
export function useRecordingViews(
  recordingId: Readonly<Ref<RecordingId | null>>,
  mediaId: Readonly<Ref<MediaId | null>>,
) {
  const api = useApi()
  const { answer, error, load } = useRequest(signal =>
    recordingId.value === null
      ? Promise.resolve([])
      : api.media.ofRecording({ recordingId: recordingId.value }, { signal }),
  )
  watch(recordingId, () => void load(), { immediate: true })
  onCorpusChange(['media', 'clips'], () => void load())

  const { choice, save } = useViewChoice()
  const acts = mediaActs(api, recordingId, load)
  const followers = shallowReactive(new Map<MediaId, Follower>())
  const aligned = shallowRef<MediaId | null>(null)

  const media = computed(() => {
    const known = (answer.value ?? []).filter(each => each.recordingId === recordingId.value)
    return inOrder(known, choice.value.order)
  })
  const leaderId = computed(() => {
    const chosen = media.value.find(({ id }) => choice.value.leaders.includes(id))
    return chosen?.id ?? mediaId.value
  })
  const others = computed(() =>
    media.value
      .filter(({ id, isThere }) => isThere && id !== leaderId.value && !choice.value.hidden.includes(id))
      .slice(0, MOST_VIEWS - 1),
  )

  function lead(id: MediaId): void {
    const ids = media.value.map(each => each.id)
    const leaders = choice.value.leaders.filter(each => !ids.includes(each))
    save({ leaders: [...leaders, id], hidden: choice.value.hidden.filter(each => each !== id) })
  }

  const move = (id: MediaId, to: MediaId) =>
    save({
      order: moved(
        media.value.map(each => each.id),
        id,
        to,
      ),
    })

  /** The frames on screen of the leader and of the view that is being aligned are the same moment. */
  async function align(leaderMs: number): Promise<{ offsetMs: number; frames: number } | null> {
    const facts = others.value.find(({ id }) => id === aligned.value)
    const ownMs = facts && followers.get(facts.id)?.timeMs.value
    if (!facts || ownMs === undefined || ownMs === null) return null
    const offsetMs = Math.round(facts.offsetMs + ownMs - leaderMs)
    await acts.setOffset(facts.id, offsetMs)
    aligned.value = null
    return { offsetMs, frames: (offsetMs * facts.fps) / 1000 }
  }

  const beginAligning = (id: MediaId | null) => (aligned.value = id)
  const toggleHidden = (id: MediaId) => save({ hidden: toggled(choice.value.hidden, id) })
  const toggleSound = (id: MediaId) => save({ audible: toggled(choice.value.audible, id) })
  const arrange = { save, lead, move, toggleHidden, toggleSound }
  const known = { media, error, load }
  return { choice, ...known, leaderId, others, followers, aligned, beginAligning, align, ...arrange, ...acts }
}

export type RecordingViews = ReturnType<typeof useRecordingViews>
