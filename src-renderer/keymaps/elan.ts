import type { Keymap } from './modes.ts'

/**
 * ELAN's default keys in its five modes (ELAN 7.0, `ShortcutsUtil.java`), with those of the manuals up to 6.2 beside
 * them (`Alt+N`, `Alt+M`, `Alt+D`). `Ctrl` is ELAN's menu key (Command on a Mac), `Control` is Control on any machine.
 * Where a browser keeps a key for itself, another one follows. ELAN's turns and scenes are our subtitles, its
 * interlinear mode our gloss grid, its document windows our recordings.
 */
export const ELAN: Keymap = {
  'palette.open': {
    annotation: ['Ctrl+Shift+P'],
    segmentation: ['Ctrl+Shift+P'],
    otherwise: ['Ctrl+K', 'Ctrl+Shift+P'],
  },
  'edit.redo': ['Ctrl+Y'],
  'corpus.create': ['Ctrl+N', 'Alt+Shift+O'],
  'corpus.close': ['Ctrl+W', 'Alt+Shift+W'],
  'app.quit': ['Ctrl+Q'],

  'clip.nextWhileTyping': ['Alt+PageDown'],
  'clip.previousWhileTyping': ['Alt+PageUp'],

  'playback.toggle': ['Control+Space', 'Space'],
  'playback.toggleWhileTyping': ['Control+Space'],
  'playback.playSelection': ['Shift+Space'],
  'playback.loopSelection': ['R'],
  'playback.playAround': ['Control+Shift+Space'],
  'playback.stepAndRepeat': ['Control+Alt+Space'],
  'playback.slowSelection': ['Control+5'],
  'playback.normalSelection': ['Control+0'],
  'playback.previousFrame': ['Ctrl+ArrowLeft', 'ArrowLeft'],
  'playback.nextFrame': ['Ctrl+ArrowRight', 'ArrowRight'],
  'playback.screenBack': ['Ctrl+PageUp', 'PageUp'],
  'playback.screenOn': ['Ctrl+PageDown', 'PageDown'],
  'playback.clipStart': ['Ctrl+B', 'Home'],
  'playback.clipEnd': ['Ctrl+E', 'End'],
  'playback.goToTime': ['Ctrl+G'],
  'playback.loop': { otherwise: ['Ctrl+L'], gloss: [] },
  'playback.normalRate': [],
  'playback.rateToggle': ['Ctrl+Alt+R'],
  'playback.volumeToggle': ['Ctrl+Shift+R'],

  'selection.mode': { annotation: ['Ctrl+K'], segmentation: ['Ctrl+K'] },
  'selection.clear': ['Shift+Alt+C', 'Escape'],
  'selection.clearAndLeave': ['Control+Shift+Z'],
  'selection.boundary': ['Ctrl+/'],
  'selection.centre': ['Ctrl+Alt+/'],

  'annotation.create': {
    otherwise: ['Ctrl+Alt+N', 'Alt+N', 'Enter'],
    segmentation: ['Ctrl+Alt+N', 'Alt+N'],
  },
  'annotation.copyToNext': ['Control+Shift+D'],
  'annotation.createBefore': ['Ctrl+Shift+N', 'Alt+Shift+B'],
  'annotation.createAfter': ['Shift+Alt+N'],
  'annotation.createTyped': ['Ctrl+Shift+Alt+N'],
  'annotation.mark': ['Shift+Enter'],
  'annotation.edit': ['Ctrl+Alt+M', 'Alt+M', 'F2', 'Ctrl+Shift+E'],
  'annotation.takeSelection': ['Ctrl+Enter'],
  'annotation.category': ['Shift+Alt+M'],
  'annotation.startEarlier': ['Control+J'],
  'annotation.startLater': ['Control+U'],
  'annotation.endEarlier': ['Control+Shift+J'],
  'annotation.endLater': ['Control+Shift+U'],
  'annotation.earlier': [],
  'annotation.later': [],
  'annotation.remove': {
    otherwise: ['Ctrl+Alt+D', 'Alt+D', 'Delete'],
    segmentation: ['Backspace', 'Delete'],
  },
  'annotation.split': [],
  'annotation.mergeNext': { segmentation: ['Ctrl+Shift+A'], transcription: ['Ctrl+Shift+A'] },
  'annotation.mergeBefore': { segmentation: ['Ctrl+Shift+B'], transcription: ['Ctrl+Shift+B'] },
  'annotation.up': ['Alt+ArrowUp'],
  'annotation.down': ['Alt+ArrowDown'],
  'annotation.copyGroup': ['Ctrl+Alt+C'],
  'annotation.pasteGroup': ['Ctrl+Alt+V'],
  'annotation.pasteGroupHere': ['Ctrl+Shift+Alt+V'],

  'timeline.zoomIn': ['Ctrl+=', '+', '='],
  'timeline.zoomOut': ['Ctrl+-', '-'],
  'timeline.fit': ['Ctrl+0'],
  'timeline.centreSelection': { annotation: ['Ctrl+Shift+A'] },

  'tier.create': ['Ctrl+T', 'Alt+Shift+T'],
  'tier.remove': ['Ctrl+Alt+T'],
  'tier.up': { otherwise: ['Ctrl+ArrowUp'], segmentation: ['ArrowUp', 'Ctrl+ArrowUp'] },
  'tier.down': { otherwise: ['Ctrl+ArrowDown'], segmentation: ['ArrowDown', 'Ctrl+ArrowDown'] },
  'tierType.create': ['Ctrl+Shift+T', 'Alt+Shift+Y'],
  'vocabulary.edit': ['Ctrl+Shift+C'],

  'recording.previous': ['Shift+ArrowUp'],
  'recording.next': ['Shift+ArrowDown'],
  'recording.saveAs': ['Ctrl+Shift+S'],
  'recording.template': ['Ctrl+Shift+Alt+S'],
  'recording.media': ['Ctrl+Alt+L'],
  'search.structured': ['Ctrl+Shift+Alt+F'],

  'segment.mark': ['Enter'],
  'segment.undo': [],

  'gloss.split': ['Ctrl+J'],
  'gloss.analyse': ['Ctrl+I'],
  'gloss.addToLexicon': ['Ctrl+L'],

  'subtitle.mergeBefore': ['Ctrl+Shift+ArrowUp'],
  'subtitle.mergeNext': ['Ctrl+Shift+ArrowDown'],
  'subtitle.start': ['Ctrl+['],
  'subtitle.end': ['Ctrl+]'],
}
