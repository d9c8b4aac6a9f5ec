import type { Keymap } from './modes.ts'

/**
 * Praat's sound and TextGrid windows (6.4: `FunctionEditor.cpp`, `TextGridArea.cpp`). A boundary that is removed there
 * joins two intervals, which is a merge here; its selection's edges are those of the picked annotation. `Shift+Tab` stays
 * the way back from the timeline for whoever works without a mouse.
 */
export const PRAAT: Keymap = {
  'app.quit': ['Ctrl+Q'],
  'corpus.open': ['Alt+O'],
  'corpus.close': ['Ctrl+W', 'Alt+Shift+W'],
  'recording.save': [],
  'recording.saveAs': ['Ctrl+S'],

  'playback.playSelection': { otherwise: ['R'], annotation: ['Tab', 'R'], segmentation: ['Tab', 'R'] },
  'playback.pause': { otherwise: ['K'], annotation: ['Escape', 'K'], segmentation: ['Escape', 'K'] },
  'playback.previousFrame': { otherwise: ['ArrowLeft'], annotation: ['ArrowLeft', 'ArrowUp'] },
  'playback.nextFrame': { otherwise: ['ArrowRight'], annotation: ['ArrowRight', 'ArrowDown'] },
  'playback.copyTime': ['F6', 'Ctrl+Alt+G'],
  'selection.clear': { otherwise: ['Escape'], annotation: ['Alt+Shift+C'], segmentation: ['Alt+Shift+C'] },

  'timeline.zoomIn': ['Ctrl+I', '+', '='],
  'timeline.zoomOut': ['Ctrl+O', '-'],
  'timeline.fit': ['Ctrl+A', '0'],
  'timeline.zoomSelection': ['Ctrl+N', 'Z'],

  'annotation.create': { otherwise: ['Enter'], segmentation: [] },
  'annotation.edit': ['F2'],
  'annotation.split': { otherwise: ['X'], annotation: ['Enter', 'X'] },
  'annotation.mergeBefore': { otherwise: ['Alt+Backspace', 'Alt+Shift+M'], subtitles: ['Alt+Shift+M'] },
  'annotation.startEarlier': ['Shift+ArrowUp', 'Ctrl+J'],
  'annotation.startLater': ['Shift+ArrowDown', 'Ctrl+U'],
  'annotation.endEarlier': ['Ctrl+ArrowUp', 'Ctrl+Shift+J'],
  'annotation.endLater': ['Ctrl+ArrowDown', 'Ctrl+Shift+U'],
  'annotation.up': ['Ctrl+Alt+ArrowUp'],
  'annotation.down': ['Ctrl+Alt+ArrowDown'],

  'tier.up': { otherwise: [], annotation: ['Alt+ArrowUp'], segmentation: ['Alt+ArrowUp', 'ArrowUp'] },
  'tier.down': { otherwise: [], annotation: ['Alt+ArrowDown'], segmentation: ['Alt+ArrowDown', 'ArrowDown'] },

  'segment.mark': ['Enter', 'S'],
}
