import type { Keymap } from './modes.ts'

/** Keys of Aegisub's audio box and menus (`default_hotkey.json`), for those who time subtitles in their sleep. */
export const AEGISUB: Keymap = {
  'playback.toggle': ['B', 'Space'],
  'playback.pause': ['H', 'K'],
  'playback.playSelection': ['R', 'S'],
  'playback.playAround': ['Q', 'W'],
  'playback.screenBack': ['A', 'PageUp'],
  'playback.screenOn': ['F', 'PageDown'],
  'playback.goToTime': ['Ctrl+G'],
  'playback.clipStart': ['Ctrl+1', 'Home'],
  'playback.clipEnd': ['Ctrl+2', 'End'],
  'selection.start': ['Ctrl+3', '['],
  'selection.end': ['Ctrl+4', ']'],
  'selection.boundary': [],
  'annotation.create': { otherwise: ['G', 'Enter'], segmentation: [] },
  'annotation.edit': { otherwise: ['F2', 'Enter'], segmentation: ['F2'] },
  'annotation.mark': { otherwise: ['Shift+S'], segmentation: [] },
  'annotation.split': ['Shift+X'],
  'annotation.previous': ['Z', 'Alt+ArrowLeft'],
  'annotation.next': ['X', 'Alt+ArrowRight'],
  'annotation.shift': ['Ctrl+I'],
  'clip.accept': ['Shift+A'],
  'clip.acceptAndNext': ['Alt+Shift+N'],
  'clip.flag': ['Shift+F'],
  'clip.flagAndNext': ['Alt+Shift+P'],
  'hypothesis.blind': ['Shift+B'],
  'hypothesis.lanes': ['Shift+W'],
  'selection.centre': [],
  'localisation.toggle': ['Alt+Shift+H'],
  'suggestion.accept': ['Alt+A'],
  'suggestion.reject': ['Alt+Q'],
  'segment.mark': ['G', 'Enter'],
  'subtitle.shift': ['Ctrl+I'],
  'subtitle.start': ['Alt+['],
  'subtitle.end': ['Alt+]'],
}

/** Praat's sound and TextGrid windows: `Tab` plays, `Enter` sets a boundary, `Ctrl+I/O/A/N` zoom in, out, all, selection. */
export const PRAAT: Keymap = {
  'playback.playSelection': { otherwise: ['Tab'], transcription: ['R'], subtitles: ['R'] },
  'timeline.zoomIn': ['Ctrl+I', '+', '='],
  'timeline.zoomOut': ['Ctrl+O', '-'],
  'timeline.fit': ['Ctrl+A', '0'],
  'timeline.centreSelection': ['Ctrl+N', 'Shift+C'],
  'corpus.open': ['Alt+O'],
  'annotation.create': { otherwise: ['Enter'], segmentation: [] },
  'annotation.edit': { otherwise: ['F2', 'Enter'], segmentation: ['F2'] },
  'annotation.remove': ['Alt+Backspace', 'Delete'],
  'segment.mark': ['Enter', 'S'],
}

/** BORIS: a letter is an event, `/` and `*` step frames, `Home`, `End` and `Backspace` set the speed. */
export const BORIS: Keymap = {
  'playback.previousFrame': ['/', 'ArrowLeft'],
  'playback.nextFrame': ['*', 'ArrowRight'],
  'playback.slower': ['Home', ','],
  'playback.faster': ['End', '.'],
  'playback.normalRate': { otherwise: ['Backspace'], segmentation: ['Shift+Backspace'] },
  'playback.clipStart': ['Ctrl+Home'],
  'playback.clipEnd': ['Ctrl+End'],
  'playback.goToTime': ['Ctrl+J', 'G'],
  'annotation.startEarlier': ['Alt+J'],
  'annotation.startLater': ['Alt+U'],
}
