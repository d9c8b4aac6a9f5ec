import type { Keymap } from './modes.ts'

/**
 * BORIS 9's media keys (`core.py`) and menus (`core_ui.py`). Its other keys are the behaviours of the ethogram: here the
 * entries of a tier's vocabulary, in the segmentation mode.
 */
export const BORIS: Keymap = {
  'screen.import': ['Alt+7', 'Ctrl+N'],
  'recording.media': ['Ctrl+E'],
  'recording.next': { otherwise: ['Alt+PageDown'], annotation: ['PageUp'], segmentation: ['PageUp'] },
  'recording.previous': { otherwise: ['Alt+PageUp'], annotation: ['PageDown'], segmentation: ['PageDown'] },

  'playback.faster': ['Home', '.'],
  'playback.slower': ['End', ','],
  'playback.normalRate': ['Backspace'],
  'playback.previousFrame': ['ArrowLeft', '/'],
  'playback.nextFrame': ['ArrowRight', '*'],
  'playback.secondOn': {
    otherwise: ['Ctrl+F', 'Shift+ArrowRight'],
    annotation: ['ArrowUp', 'Ctrl+F', 'Shift+ArrowRight'],
    segmentation: ['ArrowUp', 'Ctrl+F', 'Shift+ArrowRight'],
  },
  'playback.secondBack': {
    otherwise: ['Ctrl+B', 'Shift+ArrowLeft'],
    annotation: ['ArrowDown', 'Ctrl+B', 'Shift+ArrowLeft'],
    segmentation: ['ArrowDown', 'Ctrl+B', 'Shift+ArrowLeft'],
  },
  'playback.clipStart': ['Ctrl+Home'],
  'playback.clipEnd': ['Ctrl+End'],
  'playback.screenBack': ['Ctrl+Shift+PageUp'],
  'playback.screenOn': ['Ctrl+Shift+PageDown'],

  'annotation.createTyped': ['Ctrl+A'],
  'search.find': ['Ctrl+Alt+F'],
  'tier.up': ['Shift+ArrowUp'],
  'tier.down': ['Shift+ArrowDown'],
  'segment.undo': ['Ctrl+Backspace'],
}
