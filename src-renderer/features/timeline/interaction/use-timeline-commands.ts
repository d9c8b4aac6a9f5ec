import type { TierId } from '#shared/contract/ids.ts'
import type { Ref } from 'vue'
import { useCommands } from '../../../composables/use-commands.ts'
import { type TextKey, useText } from '../../../composables/use-text.ts'
import type { Command } from '../../../stores/commands.ts'
import type { BulkKind } from '../bulk/bulk-form.ts'
import type { AnnotationActs } from './annotation-acts.ts'
import type { LinkedActs } from './linked-acts.ts'
import type { Interval } from '../document/track.ts'
import type { Direction } from './navigation.ts'
import type { Picked } from '../document/timeline-selection.ts'

export interface TimelineCommandDeps {
  acts: AnnotationActs
  linked: LinkedActs
  picked: Picked
  selection: Ref<Interval | null>
  zoom: (factor: number) => void
  fit: () => void
  show: (span: Interval) => void
  goTo: (direction: Direction) => void
  addTier: () => void
  editTier: (tierId: TierId) => void
  openTypes: () => void
  /** Of the picked annotation. */
  openHistory: () => void
  openVocabularies: () => void
  openBulk: (kind: BulkKind) => void
  /** Begins or ends an annotation at the frame on screen. */
  mark: () => void
}

const ZOOM = 1.5

type Entry = readonly [id: string, title: TextKey, run: () => void, when?: () => boolean]

function annotationEntries({ acts, picked, selection, mark, openHistory }: TimelineCommandDeps): Entry[] {
  const hasTier = () => picked.tierId.value !== null
  const isPicked = () => picked.picked.value !== null
  const isFree = () => selection.value !== null && picked.tierId.value !== null && !isPicked()
  return [
    ['annotation.create', 'timeline.commands.create', () => void acts.createFromSelection(), isFree],
    ['annotation.mark', 'timeline.commands.mark', mark, hasTier],
    ['annotation.edit', 'timeline.commands.edit', () => void acts.edit(), isPicked],
    ['annotation.remove', 'timeline.commands.remove', () => void acts.remove(), isPicked],
    ['annotation.history', 'history.command', openHistory, isPicked],
  ]
}

function linkedEntries({ linked, acts, picked }: TimelineCommandDeps): Entry[] {
  const isPicked = () => picked.picked.value !== null
  return [
    ['annotation.createBelow', 'timeline.commands.createBelow', () => void linked.createBelow(), isPicked],
    ['annotation.split', 'annotate.commands.split', () => void linked.split(), isPicked],
    ['annotation.mergeNext', 'annotate.commands.mergeNext', () => void linked.merge(1), isPicked],
    ['annotation.mergeBefore', 'annotate.commands.mergeBefore', () => void linked.merge(-1), isPicked],
    ['annotation.duplicate', 'timeline.commands.duplicate', () => void linked.duplicate(), isPicked],
    ['annotation.clearValue', 'annotate.commands.clearValue', () => void acts.clearValue(), isPicked],
  ]
}

function manyEntries({
  picked,
  openBulk,
  openTypes,
  openVocabularies,
  editTier,
}: TimelineCommandDeps): Entry[] {
  const hasTier = () => picked.tierId.value !== null
  const isPicked = () => picked.picked.value !== null
  const edit = () => picked.tierId.value !== null && editTier(picked.tierId.value)
  return [
    ['annotation.toTier', 'timeline.commands.toTier', () => openBulk('copy'), isPicked],
    ['annotations.replace', 'timeline.commands.replace', () => openBulk('replace'), hasTier],
    ['annotations.shift', 'timeline.commands.shiftMany', () => openBulk('shift'), hasTier],
    ['annotations.bulk', 'timeline.commands.bulk', () => openBulk('regular'), hasTier],
    ['tier.edit', 'timeline.commands.editTier', edit, hasTier],
    ['tierType.create', 'annotate.commands.tierTypes', openTypes],
    ['vocabulary.edit', 'annotate.commands.vocabularies', openVocabularies],
  ]
}

function walkEntries({ picked, goTo }: TimelineCommandDeps): Entry[] {
  const hasTier = () => picked.tierId.value !== null
  return [
    ['annotation.previous', 'timeline.commands.previous', () => goTo('previous'), hasTier],
    ['annotation.next', 'timeline.commands.next', () => goTo('next'), hasTier],
    ['annotation.up', 'timeline.commands.up', () => goTo('up'), hasTier],
    ['annotation.down', 'timeline.commands.down', () => goTo('down'), hasTier],
  ]
}

function boundaryEntries({ acts, picked, selection }: TimelineCommandDeps): Entry[] {
  const isPicked = () => picked.picked.value !== null
  const nudge = (part: 'start' | 'end' | 'both', by: 1 | -1) => () => void acts.nudge(part, by)
  return [
    ['annotation.startEarlier', 'timeline.commands.startEarlier', nudge('start', -1), isPicked],
    ['annotation.startLater', 'timeline.commands.startLater', nudge('start', 1), isPicked],
    ['annotation.endEarlier', 'timeline.commands.endEarlier', nudge('end', -1), isPicked],
    ['annotation.endLater', 'timeline.commands.endLater', nudge('end', 1), isPicked],
    ['annotation.earlier', 'timeline.commands.earlier', nudge('both', -1), isPicked],
    ['annotation.later', 'timeline.commands.later', nudge('both', 1), isPicked],
    [
      'annotation.takeSelection',
      'timeline.commands.takeSelection',
      () => void acts.takeSelection(),
      () => isPicked() && selection.value !== null,
    ],
  ]
}

function viewEntries({ selection, picked, zoom, fit, show, addTier }: TimelineCommandDeps): Entry[] {
  const clear = () => {
    selection.value = null
    picked.unpick(null)
  }
  const zoomTo = () => selection.value && show(selection.value)
  const isAnything = () => selection.value !== null || picked.picked.value !== null
  return [
    ['timeline.zoomIn', 'timeline.commands.zoomIn', () => zoom(ZOOM)],
    ['timeline.zoomOut', 'timeline.commands.zoomOut', () => zoom(1 / ZOOM)],
    ['timeline.fit', 'timeline.commands.fit', fit],
    ['timeline.zoomSelection', 'timeline.commands.zoomSelection', zoomTo, () => selection.value !== null],
    ['selection.clear', 'timeline.commands.clearSelection', clear, isAnything],
    ['tier.create', 'timeline.commands.addTier', addTier],
  ]
}

/** The timeline's commands, for keys and palette. */
export function useTimelineCommands(deps: TimelineCommandDeps): void {
  const { t } = useText()
  const entries = [
    annotationEntries,
    linkedEntries,
    walkEntries,
    boundaryEntries,
    manyEntries,
    viewEntries,
  ].flatMap(list => list(deps))
  useCommands(
    entries.map(([id, title, run, when]): Command => ({
      id,
      title: () => t(title),
      group: () => t('commands.groups.timeline'),
      run,
      ...(when && { when }),
    })),
  )
}
