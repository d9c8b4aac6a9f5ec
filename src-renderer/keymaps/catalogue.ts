import { REVIEW_STATES } from '#shared/contract/clip.ts'
import { ANNOTATE_FACTS } from './catalogue-annotate.ts'
import { type CommandFact, facts, WITH_PLAYER, WITH_TIMELINE } from './facts.ts'

const SCREENS = [
  'home',
  'corpus',
  'review',
  'annotate',
  'search',
  'agreement',
  'pseudo-glosses',
  'compare',
  'rating',
  'history',
  'models',
  'jobs',
  'import',
  'export',
  'settings',
] as const

const SHELL: readonly CommandFact[] = [
  ...facts('commands.groups.general', ['everywhere'], {
    'palette.open': 'commands.palette',
    'keys.show': 'commands.keys',
    'keys.sheet': 'commands.keySheet',
    'app.quit': 'commands.quit',
  }),
  ...facts('commands.groups.edit', ['everywhere'], {
    'edit.undo': 'commands.undo',
    'edit.redo': 'commands.redo',
    'history.beforeAll': 'history.beforeAllCommand',
  }),
  ...SCREENS.map((screen): CommandFact => ({
    id: `screen.${screen}`,
    title: t => t('commands.goTo', { screen: t(`shell.screens.${screen}`) }),
    group: 'commands.groups.screens',
    scopes: ['everywhere'],
  })),
  ...facts('commands.groups.corpus', ['everywhere'], {
    'search.corpus': 'annotate.commands.findInCorpus',
    'corpus.create': 'commands.newCorpus',
    'corpus.open': 'commands.openCorpus',
    'corpus.close': 'commands.closeCorpus',
    'corpus.backup': 'commands.backup',
    'corpus.backups': 'backups.command',
    'corpus.merge': 'merging.command',
    'corpus.density': 'density.command',
    'media.missing': 'commands.missingMedia',
  }),
]

const CLIPS: readonly CommandFact[] = [
  ...facts('commands.groups.clips', ['corpus'], {
    'clips.search': 'corpus.command.search',
    'clips.review': 'corpus.command.open',
    'clips.translate': 'corpus.actions.translate',
    'clips.extract': 'corpus.actions.extract',
    'clips.split': 'corpus.actions.split',
    'clips.rights': 'corpus.actions.rights',
  }),
  ...REVIEW_STATES.map((state): CommandFact => ({
    id: `clips.mark-${state}`,
    title: t => t('corpus.command.markAs', { state: t(`common.state.${state}`) }),
    group: 'commands.groups.clips',
    scopes: ['corpus'],
  })),
]

const PLAYBACK = facts(
  'commands.groups.playback',
  WITH_PLAYER,
  {
    'playback.toggle': 'review.commands.toggle',
    'playback.toggleWhileTyping': 'review.commands.toggleWhileTyping',
    'playback.backwards': 'review.commands.backwards',
    'playback.pause': 'review.commands.pause',
    'playback.forwards': 'review.commands.forwards',
    'playback.slower': 'review.commands.slower',
    'playback.faster': 'review.commands.faster',
    'playback.normalRate': 'review.commands.normalRate',
    'playback.loop': 'review.commands.loop',
    'playback.loopSelection': 'review.commands.loopSelection',
    'playback.previousFrame': 'review.commands.previousFrame',
    'playback.nextFrame': 'review.commands.nextFrame',
    'playback.secondBack': 'review.commands.secondBack',
    'playback.secondOn': 'review.commands.secondOn',
    'playback.clipStart': 'review.commands.clipStart',
    'playback.clipEnd': 'review.commands.clipEnd',
    'selection.start': 'review.commands.selectionStart',
    'selection.end': 'review.commands.selectionEnd',
  },
  { 'playback.toggle': 'not typing', 'playback.toggleWhileTyping': 'typing' },
)

const REVIEW: readonly CommandFact[] = [
  ...facts(
    'commands.groups.review',
    ['review'],
    {
      'clip.saveAndNext': 'review.commands.saveAndNext',
      'clip.save': 'review.commands.save',
      'clip.next': 'review.commands.next',
      'clip.previous': 'review.commands.previous',
      'clip.nextWhileTyping': 'review.commands.nextWhileTyping',
      'clip.previousWhileTyping': 'review.commands.previousWhileTyping',
      'clip.accept': 'review.commands.accept',
      'clip.flag': 'review.commands.flag',
      'clip.acceptAndNext': 'review.commands.acceptAndNext',
      'clip.flagAndNext': 'review.commands.flagAndNext',
      'reference.edit': 'review.commands.editReference',
      'hypothesis.blind': 'review.commands.blind',
      'hypothesis.lanes': 'review.commands.lanes',
      'caption.toggle': 'review.commands.caption',
      'views.align': 'views.align',
    },
    { 'clip.saveAndNext': 'nothing picked' },
  ),
  ...Array.from({ length: 9 }, (_, at): CommandFact => ({
    id: `hypothesis.rate.${at + 1}`,
    title: t => t('review.commands.rate', { n: at + 1 }),
    group: 'commands.groups.review',
    scopes: ['review'],
  })),
]

const TIMELINE: readonly CommandFact[] = [
  ...facts(
    'commands.groups.timeline',
    WITH_TIMELINE,
    {
      'annotation.create': 'timeline.commands.create',
      'annotation.mark': 'timeline.commands.mark',
      'annotation.edit': 'timeline.commands.edit',
      'annotation.remove': 'timeline.commands.remove',
      'annotation.history': 'history.command',
      'annotation.createBelow': 'timeline.commands.createBelow',
      'annotation.toTier': 'timeline.commands.toTier',
      'annotations.replace': 'timeline.commands.replace',
      'annotations.shift': 'timeline.commands.shiftMany',
      'annotations.bulk': 'timeline.commands.bulk',
      'tier.edit': 'timeline.commands.editTier',
      'annotation.previous': 'timeline.commands.previous',
      'annotation.next': 'timeline.commands.next',
      'annotation.up': 'timeline.commands.up',
      'annotation.down': 'timeline.commands.down',
      'annotation.startEarlier': 'timeline.commands.startEarlier',
      'annotation.startLater': 'timeline.commands.startLater',
      'annotation.endEarlier': 'timeline.commands.endEarlier',
      'annotation.endLater': 'timeline.commands.endLater',
      'annotation.earlier': 'timeline.commands.earlier',
      'annotation.later': 'timeline.commands.later',
      'annotation.takeSelection': 'timeline.commands.takeSelection',
      'timeline.zoomIn': 'timeline.commands.zoomIn',
      'timeline.zoomOut': 'timeline.commands.zoomOut',
      'timeline.fit': 'timeline.commands.fit',
      'timeline.zoomSelection': 'timeline.commands.zoomSelection',
      'selection.clear': 'timeline.commands.clearSelection',
    },
    {
      'annotation.create': 'nothing picked',
      'annotation.edit': 'picked',
      'annotation.takeSelection': 'picked',
      'timeline.fit': 'not slowed',
    },
  ),
  ...facts('commands.groups.timeline', WITH_TIMELINE, {
    'localisation.toggle': 'localisation.commands.toggle',
  }),
  ...facts('commands.groups.timeline', ['review', 'annotation', 'segmentation'], {
    'tier.create': 'timeline.commands.addTier',
    'tier.template': 'timeline.commands.template',
  }),
]

/** Every command that has, or may be given, a key. */
export const CATALOGUE: readonly CommandFact[] = [
  ...SHELL,
  ...CLIPS,
  ...PLAYBACK,
  ...REVIEW,
  ...TIMELINE,
  ...ANNOTATE_FACTS,
]

const BY_ID = new Map(CATALOGUE.map(fact => [fact.id, fact]))

export function factOf(id: string): CommandFact | undefined {
  return BY_ID.get(id)
}
