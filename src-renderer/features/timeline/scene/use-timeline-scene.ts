import type { Annotation, TierLayout } from '#shared/contract/annotation.ts'
import type { TierId, VocabularyId } from '#shared/contract/ids.ts'
import { computed, type Ref, type ShallowRef, watch } from 'vue'
import { useText } from '../../../composables/use-text.ts'
import type { Picked } from '../document/timeline-selection.ts'
import { emptyTrack, hasEdgeAt, type Interval, itemOf, type Track } from '../document/track.ts'
import type { AnnotationDocument } from '../document/use-annotations.ts'
import type { Band, Moving } from '../interaction/gestures.ts'
import type { MarkKind } from './paint-tier.ts'
import { type PlacedRow, rowsBetween } from './rows.ts'
import type { Marks, Scene } from './scene.ts'
import { timelineRows } from './timeline-rows.ts'
import type { Curve } from './use-wave-lane.ts'
import { endMs, type Viewport } from './viewport.ts'

export interface SceneSources {
  document: AnnotationDocument
  picked: Picked
  layout: Readonly<Ref<TierLayout>>
  curves: () => readonly Curve[]
  clip: () => Interval
  coloursOf: (id: VocabularyId | null) => ReadonlyMap<string, string> | null
  view: Readonly<Ref<Viewport>>
  /** Pixels of the rows' area: how far it is scrolled, and how much of it is seen. */
  scrollTop: Readonly<Ref<number>>
  playheadMs: () => number | null
  height: () => number
  moving: ShallowRef<Moving | null>
  band: ShallowRef<Band | null>
  hovered: ShallowRef<Annotation | null>
}

/** The one model of what the timeline shows: its rows, the annotations on them, and the marks above. */
export function useTimelineScene(sources: SceneSources) {
  const { document, picked, view, scrollTop, moving, band, hovered } = sources
  const { t } = useText()

  const rows = computed(() =>
    timelineRows({
      curves: sources.curves(),
      tiers: document.tiers.value,
      layout: sources.layout.value,
      coloursOf: sources.coloursOf,
      t,
    }),
  )
  const visibleRows = computed(() =>
    rowsBetween(rows.value, scrollTop.value, scrollTop.value + sources.height()),
  )
  const tracks = computed((): ReadonlyMap<number, Track> => document.tracks.value)
  const visibleTierIds = computed(() =>
    visibleRows.value.filter(row => row.kind === 'tier').map(row => row.id as TierId),
  )
  watch(visibleTierIds, ids => document.showFirst(ids), { immediate: true })

  const trackOf = (row: PlacedRow): Track => tracks.value.get(row.id) ?? emptyTrack(row.id as TierId)

  const scene = (): Scene => ({
    view: view.value,
    rows: visibleRows.value,
    scrollTop: scrollTop.value,
    clip: sources.clip(),
    tracks: tracks.value,
    held: moving.value?.held ?? null,
  })

  const isSeen = (item: Interval) => item.endMs >= view.value.startMs && item.startMs <= endMs(view.value)
  const isHeld = (item: Annotation) => moving.value?.held.get(item.tierId)?.has(item.id) === true

  function spans(): Marks['spans'] {
    const mark = (item: Annotation, kind: MarkKind) => ({ rowId: item.tierId, span: item, kind })
    const chosen = picked.chosen.value.filter(item => isSeen(item) && !isHeld(item))
    const marks = chosen.map(item => mark(item, item.id === picked.picked.value?.id ? 'picked' : 'chosen'))
    const over = hovered.value && itemOf(tracks.value.get(hovered.value.tierId), hovered.value.id)
    return over && !moving.value ? [...marks, mark(over, 'hovered')] : marks
  }

  /** Where an edge that is dragged stands exactly on another one in view, or on the playhead. */
  function guideMs(): number | null {
    const now = moving.value
    if (!now) return null
    const playheadMs = Math.round(sources.playheadMs() ?? Number.NaN)
    const isMet = (timeMs: number) =>
      timeMs === playheadMs ||
      visibleTierIds.value.some(id =>
        hasEdgeAt(tracks.value.get(id) ?? emptyTrack(id), timeMs, now.held.get(id) ?? new Set()),
      )
    return now.edges.find(isMet) ?? null
  }

  const marks = (): Marks => ({
    spans: spans(),
    moving: moving.value?.items.filter(({ span }) => isSeen(span)) ?? [],
    band: band.value && boxOf(band.value, scrollTop.value),
    guideMs: guideMs(),
  })

  return { rows, visibleRows, visibleTierIds, tracks, trackOf, scene, marks }
}

function boxOf({ from, to }: Band, scrollTop: number) {
  return {
    left: Math.min(from.x, to.x),
    top: Math.min(from.y, to.y) - scrollTop,
    width: Math.abs(to.x - from.x),
    height: Math.abs(to.y - from.y),
  }
}

export type TimelineScene = ReturnType<typeof useTimelineScene>
