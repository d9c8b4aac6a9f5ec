import type { Ref } from 'vue'
import { useCommands } from '../../composables/use-commands.ts'
import { type TextKey, useText } from '../../composables/use-text.ts'
import type { Command, Keys } from '../../stores/commands.ts'
import type { AnnotationActs } from './annotation-acts.ts'
import type { Interval } from './interval-index.ts'
import type { Direction } from './navigation.ts'
import type { Picked } from './timeline-selection.ts'

export interface TimelineCommandDeps {
  acts: AnnotationActs
  picked: Picked
  selection: Ref<Interval | null>
  zoom: (factor: number) => void
  fit: () => void
  goTo: (direction: Direction) => void
  addTier: () => void
  /** Begins or ends an annotation at the frame on screen. */
  mark: () => void
}

const ZOOM = 1.5

const elan = (signwright: readonly string[], forElan: readonly string[]): Keys => ({
  signwright,
  elan: forElan,
})

type Entry = readonly [id: string, title: TextKey, keys: Keys, run: () => void, when?: () => boolean]

function annotationEntries({ acts, picked, selection, mark }: TimelineCommandDeps): Entry[] {
  const hasTier = () => picked.tierId.value !== null
  const isPicked = () => picked.picked.value !== null
  const isFree = () => selection.value !== null && picked.tierId.value !== null && !isPicked()
  return [
    [
      'annotation.create',
      'timeline.commands.create',
      elan(['Enter'], ['Ctrl+Alt+N', 'Alt+N', 'Enter']),
      () => void acts.createFromSelection(),
      isFree,
    ],
    ['annotation.mark', 'timeline.commands.mark', elan(['S'], ['Shift+Enter', 'S']), mark, hasTier],
    [
      'annotation.edit',
      'timeline.commands.edit',
      elan(['F2', 'Enter'], ['F2', 'Ctrl+Alt+M', 'Alt+M']),
      () => void acts.edit(),
      isPicked,
    ],
    [
      'annotation.remove',
      'timeline.commands.remove',
      elan(['Delete'], ['Delete', 'Ctrl+Alt+D', 'Alt+D']),
      () => void acts.remove(),
      isPicked,
    ],
  ]
}

function walkEntries({ picked, goTo }: TimelineCommandDeps): Entry[] {
  const hasTier = () => picked.tierId.value !== null
  return [
    [
      'annotation.previous',
      'timeline.commands.previous',
      elan(['Alt+ArrowLeft'], ['Alt+ArrowLeft']),
      () => goTo('previous'),
      hasTier,
    ],
    [
      'annotation.next',
      'timeline.commands.next',
      elan(['Alt+ArrowRight'], ['Alt+ArrowRight']),
      () => goTo('next'),
      hasTier,
    ],
    [
      'annotation.up',
      'timeline.commands.up',
      elan(['Ctrl+ArrowUp'], ['Alt+ArrowUp', 'Ctrl+ArrowUp']),
      () => goTo('up'),
      hasTier,
    ],
    [
      'annotation.down',
      'timeline.commands.down',
      elan(['Ctrl+ArrowDown'], ['Alt+ArrowDown', 'Ctrl+ArrowDown']),
      () => goTo('down'),
      hasTier,
    ],
  ]
}

function boundaryEntries({ acts, picked, selection }: TimelineCommandDeps): Entry[] {
  const isPicked = () => picked.picked.value !== null
  const nudge = (part: 'start' | 'end' | 'both', by: 1 | -1) => () => void acts.nudge(part, by)
  return [
    [
      'annotation.startEarlier',
      'timeline.commands.startEarlier',
      elan(['Ctrl+J'], ['Ctrl+J']),
      nudge('start', -1),
      isPicked,
    ],
    [
      'annotation.startLater',
      'timeline.commands.startLater',
      elan(['Ctrl+U'], ['Ctrl+U']),
      nudge('start', 1),
      isPicked,
    ],
    [
      'annotation.endEarlier',
      'timeline.commands.endEarlier',
      elan(['Ctrl+Shift+J'], ['Ctrl+Shift+J']),
      nudge('end', -1),
      isPicked,
    ],
    [
      'annotation.endLater',
      'timeline.commands.endLater',
      elan(['Ctrl+Shift+U'], ['Ctrl+Shift+U']),
      nudge('end', 1),
      isPicked,
    ],
    [
      'annotation.earlier',
      'timeline.commands.earlier',
      elan(['Ctrl+ArrowLeft'], []),
      nudge('both', -1),
      isPicked,
    ],
    [
      'annotation.later',
      'timeline.commands.later',
      elan(['Ctrl+ArrowRight'], []),
      nudge('both', 1),
      isPicked,
    ],
    [
      'annotation.takeSelection',
      'timeline.commands.takeSelection',
      elan(['Alt+Enter'], ['Ctrl+Enter']),
      () => void acts.takeSelection(),
      () => isPicked() && selection.value !== null,
    ],
  ]
}

function viewEntries({ selection, picked, zoom, fit, addTier }: TimelineCommandDeps): Entry[] {
  const clear = () => {
    selection.value = null
    picked.unpick(null)
  }
  const isAnything = () => selection.value !== null || picked.picked.value !== null
  return [
    ['timeline.zoomIn', 'timeline.commands.zoomIn', elan(['+', '='], ['Ctrl+=', '+', '=']), () => zoom(ZOOM)],
    ['timeline.zoomOut', 'timeline.commands.zoomOut', elan(['-'], ['Ctrl+-', '-']), () => zoom(1 / ZOOM)],
    ['timeline.fit', 'timeline.commands.fit', elan(['0'], ['Ctrl+0']), fit],
    [
      'selection.clear',
      'timeline.commands.clearSelection',
      elan(['Escape'], ['Shift+Alt+C', 'Escape']),
      clear,
      isAnything,
    ],
    ['tier.create', 'timeline.commands.addTier', elan(['T'], ['Ctrl+T']), addTier],
  ]
}

/** The timeline's commands, for keys and palette. */
export function useTimelineCommands(deps: TimelineCommandDeps): void {
  const { t } = useText()
  const entries = [annotationEntries, walkEntries, boundaryEntries, viewEntries].flatMap(list => list(deps))
  useCommands(
    entries.map(([id, title, keys, run, when]): Command => ({
      id,
      title: () => t(title),
      group: () => t('commands.groups.timeline'),
      keys,
      run,
      ...(when && { when }),
    })),
  )
}
