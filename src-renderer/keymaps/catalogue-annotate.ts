import { ANY_MODE, type CommandFact, facts, WITH_TIMELINE } from './facts.ts'

const MOVING = facts(
  'commands.groups.playback',
  ANY_MODE,
  {
    'playback.playSelection': 'annotate.commands.playSelection',
    'playback.playAround': 'annotate.commands.playAround',
    'playback.playBefore': 'annotate.commands.playBefore',
    'playback.playFirst': 'annotate.commands.playFirst',
    'playback.playLast': 'annotate.commands.playLast',
    'playback.playAfter': 'annotate.commands.playAfter',
    'playback.playToEnd': 'annotate.commands.playToEnd',
    'playback.stepAndRepeat': 'annotate.commands.stepAndRepeat',
    'playback.slowSelection': 'annotate.commands.slowSelection',
    'playback.normalSelection': 'annotate.commands.normalSelection',
    'playback.pixelBack': 'annotate.commands.pixelBack',
    'playback.pixelOn': 'annotate.commands.pixelOn',
    'playback.screenBack': 'annotate.commands.screenBack',
    'playback.screenOn': 'annotate.commands.screenOn',
    'playback.goToTime': 'annotate.commands.goToTime',
    'playback.copyTime': 'annotate.commands.copyTime',
    'playback.rateToggle': 'annotate.commands.rateToggle',
    'playback.volumeToggle': 'annotate.commands.volumeToggle',
    'selection.mode': 'annotate.commands.selectionMode',
    'selection.clearAndLeave': 'annotate.commands.clearAndLeave',
    'selection.boundary': 'annotate.commands.boundary',
    'selection.goToStart': 'annotate.commands.goToStart',
    'selection.goToEnd': 'annotate.commands.goToEnd',
    'selection.centre': 'annotate.commands.centre',
    'timeline.centreSelection': 'annotate.commands.centreSelection',
  },
  { 'playback.normalSelection': 'slowed' },
)

const EDITING: readonly CommandFact[] = [
  ...facts(
    'commands.groups.annotations',
    ANY_MODE,
    {
      'annotation.split': 'annotate.commands.split',
      'annotation.mergeNext': 'annotate.commands.mergeNext',
      'annotation.mergeBefore': 'annotate.commands.mergeBefore',
      'annotation.timeDialog': 'annotate.commands.timeDialog',
    },
    { 'annotation.split': 'picked' },
  ),
  ...facts('commands.groups.annotations', ['annotation', 'segmentation'], {
    'annotation.previousEdit': 'annotate.commands.previousEdit',
    'annotation.nextEdit': 'annotate.commands.nextEdit',
    'annotation.createBefore': 'annotate.commands.createBefore',
    'annotation.createAfter': 'annotate.commands.createAfter',
    'annotation.createTyped': 'annotate.commands.createTyped',
    'annotation.category': 'annotate.commands.category',
    'annotation.clearValue': 'annotate.commands.clearValue',
    'annotation.duplicate': 'timeline.commands.duplicate',
    'annotation.copyToNext': 'annotate.commands.copyToNext',
    'annotation.copy': 'annotate.commands.copy',
    'annotation.paste': 'annotate.commands.paste',
    'annotation.pasteHere': 'annotate.commands.pasteHere',
    'annotation.copyGroup': 'annotate.commands.copyGroup',
    'annotation.pasteGroup': 'annotate.commands.pasteGroup',
    'annotation.pasteGroupHere': 'annotate.commands.pasteGroupHere',
    'annotation.shift': 'annotate.commands.shift',
  }),
]

const SUGGESTIONS = facts('commands.groups.suggestions', ['annotation', 'segmentation'], {
  'suggestion.next': 'localisation.commands.next',
  'suggestion.previous': 'localisation.commands.previous',
  'suggestion.accept': 'localisation.commands.accept',
  'suggestion.edit': 'localisation.commands.edit',
  'suggestion.reject': 'localisation.commands.reject',
})

const TIERS: readonly CommandFact[] = [
  ...facts('commands.groups.tiers', WITH_TIMELINE, {
    'tier.up': 'annotate.commands.tierUp',
    'tier.down': 'annotate.commands.tierDown',
  }),
  ...facts('commands.groups.tiers', ANY_MODE, {
    'tier.remove': 'annotate.commands.removeTier',
    'tierType.create': 'annotate.commands.tierTypes',
    'vocabulary.edit': 'annotate.commands.vocabularies',
  }),
]

const DOCUMENT = facts('commands.groups.recording', ANY_MODE, {
  'recording.previous': 'annotate.commands.previousRecording',
  'recording.next': 'annotate.commands.nextRecording',
  'recording.save': 'annotate.commands.save',
  'recording.saveAs': 'annotate.commands.saveAs',
  'recording.template': 'annotate.commands.template',
  'recording.media': 'annotate.commands.linkedFiles',
  'search.find': 'annotate.commands.find',
  'search.structured': 'annotate.commands.findStructured',
  'mode.annotation': 'annotate.commands.modeAnnotation',
  'mode.segmentation': 'annotate.commands.modeSegmentation',
  'mode.transcription': 'annotate.commands.modeTranscription',
  'mode.gloss': 'annotate.commands.modeGloss',
  'mode.subtitles': 'annotate.commands.modeSubtitles',
})

const MODES_OWN: readonly CommandFact[] = [
  ...facts('annotate.modes.segmentation', ['segmentation'], {
    'segment.mark': 'annotate.commands.segmentMark',
    'segment.undo': 'annotate.commands.segmentUndo',
    'segment.variant': 'annotate.commands.segmentVariant',
  }),
  ...facts('annotate.modes.transcription', ['transcription'], {
    'transcription.commit': 'annotate.commands.commit',
    'transcription.cancel': 'annotate.commands.cancel',
    'transcription.playFromStart': 'annotate.commands.playFromStart',
    'transcription.cellUp': 'annotate.commands.cellUp',
    'transcription.cellDown': 'annotate.commands.cellDown',
    'transcription.cellLeft': 'annotate.commands.cellLeft',
    'transcription.cellRight': 'annotate.commands.cellRight',
    'transcription.remove': 'timeline.commands.remove',
    'transcription.toggle': 'review.commands.toggleWhileTyping',
  }),
  ...facts('annotate.modes.gloss', ['gloss'], {
    'gloss.split': 'annotate.commands.glossSplit',
    'gloss.analyse': 'annotate.commands.glossAnalyse',
    'gloss.addToLexicon': 'annotate.commands.addToLexicon',
    'gloss.view': 'annotate.commands.glossView',
    'gloss.bulkEdit': 'annotate.commands.bulkEdit',
  }),
  ...facts('annotate.modes.subtitles', ['subtitles'], {
    'subtitle.splitAtCaret': 'annotate.commands.splitAtCaret',
    'subtitle.mergeBefore': 'annotate.commands.mergeBefore',
    'subtitle.mergeNext': 'annotate.commands.mergeNext',
    'subtitle.start': 'annotate.commands.subtitleStart',
    'subtitle.end': 'annotate.commands.subtitleEnd',
    'subtitle.previous': 'annotate.commands.subtitlePrevious',
    'subtitle.next': 'annotate.commands.subtitleNext',
    'subtitle.shift': 'annotate.commands.subtitleShift',
  }),
]

/** What the Annotate screen can do beyond playing and the timeline. */
export const ANNOTATE_FACTS: readonly CommandFact[] = [
  ...MOVING,
  ...EDITING,
  ...SUGGESTIONS,
  ...TIERS,
  ...DOCUMENT,
  ...MODES_OWN,
]
