import type { Keymap } from './modes.ts'

/**
 * Aegisub's default keys (3.4, `default_hotkey.json`): its audio box is our timeline, its grid and video give the plain
 * arrows, which step by frames; `Ctrl+1` to `Ctrl+4` are about the line that is open, as here about the selection. With
 * Signwright's timeline in focus the arrows go from annotation to annotation, as in the audio box.
 */
export const AEGISUB: Keymap = {
  'app.quit': ['Ctrl+Q'],
  'screen.settings': ['Alt+9', 'Alt+O'],
  'corpus.create': ['Ctrl+N', 'Alt+Shift+O'],
  'recording.save': ['Ctrl+S', 'F2'],
  'recording.saveAs': ['Ctrl+Shift+S'],

  'playback.toggle': { otherwise: ['Ctrl+P', 'B', 'Space'], annotation: ['Ctrl+P', 'B'] },
  'playback.pause': ['H', 'K', 'Numpad8'],
  'playback.playSelection': { otherwise: ['S', 'R', 'Numpad5'], annotation: ['Space', 'S', 'R', 'Numpad5'] },
  'playback.playAround': ['Shift+R'],
  'playback.playBefore': ['Q', 'Numpad1'],
  'playback.playAfter': ['W', 'Numpad3'],
  'playback.playFirst': ['E'],
  'playback.playLast': ['D'],
  'playback.playToEnd': ['T'],
  'playback.screenBack': ['A', 'PageUp'],
  'playback.screenOn': ['F', 'PageDown'],
  'playback.previousFrame': ['ArrowLeft', 'Ctrl+Numpad4'],
  'playback.nextFrame': ['ArrowRight', 'Ctrl+Numpad6'],
  'playback.secondBack': {
    otherwise: ['Alt+ArrowLeft', 'Shift+ArrowLeft'],
    transcription: ['Shift+ArrowLeft'],
  },
  'playback.secondOn': {
    otherwise: ['Alt+ArrowRight', 'Shift+ArrowRight'],
    transcription: ['Shift+ArrowRight'],
  },
  'playback.goToTime': ['Ctrl+G'],

  'selection.start': { otherwise: ['Ctrl+3', '['], subtitles: ['['] },
  'selection.end': { otherwise: ['Ctrl+4', ']'], subtitles: [']'] },
  'selection.goToStart': ['Ctrl+1'],
  'selection.goToEnd': ['Ctrl+2'],
  'selection.boundary': [],

  'annotation.create': { otherwise: ['G', 'Enter'], segmentation: [] },
  'annotation.edit': { otherwise: ['Enter', 'Shift+F2'], segmentation: ['Shift+F2'] },
  'annotation.mark': { otherwise: ['Shift+S'], segmentation: [] },
  'annotation.split': ['Ctrl+D'],
  'annotation.duplicate': ['Ctrl+Alt+D'],
  'annotation.copyToNext': [],
  'annotation.remove': ['Ctrl+Delete', 'Delete'],
  'annotation.clearValue': ['Shift+Delete'],
  'annotation.previous': ['Z', 'Numpad0', 'Ctrl+Numpad8'],
  'annotation.next': ['X', 'Numpad2', 'Ctrl+Numpad2'],
  'annotation.startEarlier': ['Numpad4', 'Ctrl+J'],
  'annotation.startLater': ['Numpad6', 'Ctrl+U'],
  'annotation.endEarlier': ['NumpadSubtract', 'Numpad7', 'Ctrl+Shift+J'],
  'annotation.endLater': ['NumpadAdd', 'Numpad9', 'Ctrl+Shift+U'],
  'annotation.shift': ['Ctrl+I'],
  'annotation.createBelow': ['Alt+D'],

  'timeline.zoomSelection': ['Shift+Z'],
  'localisation.toggle': ['Alt+Shift+H'],
  'tier.create': ['Alt+Shift+T'],
  'hypothesis.blind': ['Shift+B'],

  'suggestion.accept': ['Alt+A'],
  'suggestion.edit': ['Alt+E'],
  'suggestion.reject': ['Alt+Q'],

  'segment.mark': ['G', 'Enter'],

  'subtitle.splitAtCaret': ['Ctrl+Enter'],
  'subtitle.start': ['Ctrl+3', 'Alt+['],
  'subtitle.end': ['Ctrl+4', 'Alt+]'],
  'subtitle.next': ['Enter', 'Alt+ArrowDown'],
  'subtitle.shift': ['Ctrl+I'],
}
