import type { RecordingId } from '#shared/contract/ids.ts'
import type { HistorySubject } from '#shared/contract/history.ts'
import { type Ref, shallowRef } from 'vue'
import type { BulkKind, BulkPlace } from './bulk/bulk-form.ts'
import type { Picked } from './document/timeline-selection.ts'
import type { Interval } from './document/track.ts'

/** Which dialog of the timeline is open, besides that of a tier. */
export type OpenDialog =
  | { kind: 'types' }
  | { kind: 'vocabularies' }
  | { kind: 'history'; subject: HistorySubject; name: string }
  | { kind: 'bulk'; bulk: BulkKind; place: BulkPlace }

export interface DialogDeps {
  recordingId: Readonly<Ref<RecordingId | null>>
  picked: Picked
  selection: Ref<Interval | null>
  durationMs: () => number
  playheadMs: () => number | null
}

export function useTimelineDialogs({ recordingId, picked, selection, ...times }: DialogDeps) {
  const dialog = shallowRef<OpenDialog | null>(null)

  function openBulk(bulk: BulkKind): void {
    const tierId = picked.tierId.value
    if (recordingId.value === null || tierId === null) return
    const place: BulkPlace = {
      recordingId: recordingId.value,
      tierId,
      chosen: picked.chosen.value.map(item => item.id),
      span: selection.value ?? { startMs: 0, endMs: Math.round(times.durationMs()) },
      playheadMs: times.playheadMs() ?? 0,
    }
    dialog.value = { kind: 'bulk', bulk, place }
  }

  function openHistory(): void {
    const item = picked.picked.value
    if (!item) return
    const subject = { kind: 'annotation' as const, id: item.id as number }
    dialog.value = { kind: 'history', subject, name: item.value }
  }

  return {
    dialog,
    close: () => (dialog.value = null),
    openTypes: () => void (dialog.value = { kind: 'types' }),
    openVocabularies: () => void (dialog.value = { kind: 'vocabularies' }),
    openBulk,
    openHistory,
  }
}

export type TimelineDialogs = ReturnType<typeof useTimelineDialogs>
