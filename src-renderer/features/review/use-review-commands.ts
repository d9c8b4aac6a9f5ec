import { useCommands } from '../../composables/use-commands.ts'
import { type Text, type TextKey, useText } from '../../composables/use-text.ts'
import type { Command } from '../../stores/commands.ts'
import type { ClipPlayer } from './clip-player.ts'
import { usePlaybackCommands } from './use-playback-commands.ts'

export interface ReviewActions {
  hasClip: () => boolean
  outputs: () => number
  open: (by: 1 | -1) => void
  saveAndNext: () => void
  save: () => void
  accept: () => void
  flag: () => void
  acceptAndNext: () => void
  flagAndNext: () => void
  editReference: () => void
  toggleBlind: () => void
  toggleLanes: () => void
  toggleLocalisation: () => void
  toggleCaption: () => void
  align: () => void
  rate: (position: number) => void
}

type Entry = readonly [id: string, title: TextKey, run: () => void, options?: Partial<Command>]

function clipEntries(actions: ReviewActions): Entry[] {
  const isForText = true
  return [
    ['clip.saveAndNext', 'review.commands.saveAndNext', actions.saveAndNext, { isForText }],
    ['clip.save', 'review.commands.save', actions.save, { isForText }],
    ['clip.next', 'review.commands.next', () => actions.open(1)],
    ['clip.previous', 'review.commands.previous', () => actions.open(-1)],
    [
      'clip.nextWhileTyping',
      'review.commands.nextWhileTyping',
      () => actions.open(1),
      { isForText, isHidden: true },
    ],
    [
      'clip.previousWhileTyping',
      'review.commands.previousWhileTyping',
      () => actions.open(-1),
      { isForText, isHidden: true },
    ],
    ['clip.accept', 'review.commands.accept', actions.accept],
    ['clip.flag', 'review.commands.flag', actions.flag],
    ['clip.acceptAndNext', 'review.commands.acceptAndNext', actions.acceptAndNext],
    ['clip.flagAndNext', 'review.commands.flagAndNext', actions.flagAndNext],
    ['reference.edit', 'review.commands.editReference', actions.editReference],
    ['hypothesis.blind', 'review.commands.blind', actions.toggleBlind, { when: () => true }],
    ['hypothesis.lanes', 'review.commands.lanes', actions.toggleLanes, { when: () => true }],
    ['localisation.toggle', 'localisation.commands.toggle', actions.toggleLocalisation],
    ['views.align', 'views.align', actions.align],
    ['caption.toggle', 'review.commands.caption', actions.toggleCaption, { when: () => true }],
  ]
}

/** The digits: each leads to the rating of one output, where the next digits are its value. */
function rateCommands({ t }: Text, actions: ReviewActions): Command[] {
  return Array.from({ length: 9 }, (_, at): Command => ({
    id: `hypothesis.rate.${at + 1}`,
    title: () => t('review.commands.rate', { n: at + 1 }),
    group: () => t('commands.groups.review'),
    when: () => actions.outputs() > at,
    isHidden: at > 2,
    run: () => actions.rate(at),
  }))
}

/** Every command of the review screen, for keys and palette. */
export function useReviewCommands(player: ClipPlayer, actions: ReviewActions): void {
  const text = useText()
  const { t } = text
  const commands = (entries: readonly Entry[], group: TextKey, when: () => boolean) =>
    entries.map(([id, title, run, options = {}]): Command => ({
      id,
      title: () => t(title),
      group: () => t(group),
      run,
      when,
      ...options,
    }))
  usePlaybackCommands(player)
  useCommands([
    ...commands(clipEntries(actions), 'commands.groups.review', actions.hasClip),
    ...rateCommands(text, actions),
  ])
}
