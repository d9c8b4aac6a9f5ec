import { expect, test } from 'vitest'
import { expectKeys } from '../testing/key-table.ts'
import type { KeymapName } from './chords.ts'
import type { Scope } from './modes.ts'

/**
 * The default keys of three tools and the commands that do the same here, place by place. `M` is the menu key, `C` Control,
 * `S` Shift, `A` Alt. What has no counterpart here is told in docs/guide/keyboard.md.
 */
const TABLES: [KeymapName, Scope, string][] = [
  // Aegisub 3.4, src/libresrc/default_hotkey.json: contexts Audio, Always, Video and Default.
  [
    'aegisub',
    'annotation',
    `
G annotation.create
Enter annotation.create
R playback.playSelection
S playback.playSelection
Space playback.playSelection
Numpad5 playback.playSelection
Q playback.playBefore
Numpad1 playback.playBefore
W playback.playAfter
Numpad3 playback.playAfter
E playback.playFirst
D playback.playLast
T playback.playToEnd
B playback.toggle
M-P playback.toggle
H playback.pause
Numpad8 playback.pause
A playback.screenBack
F playback.screenOn
X annotation.next
Numpad2 annotation.next
M-Numpad2 annotation.next
Z annotation.previous
Numpad0 annotation.previous
M-Numpad8 annotation.previous
Numpad4 annotation.startEarlier
Numpad6 annotation.startLater
Numpad7 annotation.endEarlier
NumpadSubtract annotation.endEarlier
Numpad9 annotation.endLater
NumpadAdd annotation.endLater
ArrowRight playback.nextFrame
ArrowLeft playback.previousFrame
M-Numpad6 playback.nextFrame
M-Numpad4 playback.previousFrame
A-ArrowRight playback.secondOn
A-ArrowLeft playback.secondBack
M-1 selection.goToStart
M-2 selection.goToEnd
M-3 selection.start
M-4 selection.end
M-G playback.goToTime
M-I annotation.shift
M-D annotation.split
M-Delete annotation.remove
M-C annotation.copy
M-V annotation.paste
M-H annotations.replace
M-F search.find
M-N corpus.create
M-O corpus.open
M-S recording.save
F2 recording.save
M-S-S recording.saveAs
M-Z edit.undo
M-Y edit.redo
M-Q app.quit
A-O screen.settings
F1 keys.show
`,
  ],
  [
    'aegisub',
    'segmentation',
    `
G segment.mark
Enter segment.mark
`,
  ],
  [
    'aegisub',
    'subtitles',
    `
Enter subtitle.next
M-3 subtitle.start
M-4 subtitle.end
M-I subtitle.shift
`,
  ],
  // Praat 6.4, foned/FunctionEditor.cpp and foned/TextGridArea.cpp.
  [
    'praat',
    'annotation',
    `
M-A timeline.fit
M-I timeline.zoomIn
M-O timeline.zoomOut
M-N timeline.zoomSelection
PageUp playback.screenBack
PageDown playback.screenOn
F6 playback.copyTime
ArrowUp playback.previousFrame
ArrowDown playback.nextFrame
S-ArrowUp annotation.startEarlier
S-ArrowDown annotation.startLater
M-ArrowUp annotation.endEarlier
M-ArrowDown annotation.endLater
Tab playback.playSelection
Escape playback.pause
A-ArrowUp tier.up
A-ArrowDown tier.down
A-ArrowLeft annotation.previous
A-ArrowRight annotation.next
Enter annotation.create
Enter annotation.split
A-Backspace annotation.mergeBefore
M-F search.find
M-S recording.saveAs
M-Z edit.undo
M-Y edit.redo
M-W corpus.close
M-Q app.quit
`,
  ],
  ['praat', 'segmentation', 'Enter segment.mark'],
  // BORIS 9, boris/core.py (keyPressEvent) and the menus of boris/core_ui.py.
  [
    'boris',
    'segmentation',
    `
Space playback.toggle
Home playback.faster
End playback.slower
Backspace playback.normalRate
ArrowUp playback.secondOn
M-F playback.secondOn
ArrowDown playback.secondBack
M-B playback.secondBack
ArrowLeft playback.previousFrame
/ playback.previousFrame
ArrowRight playback.nextFrame
* playback.nextFrame
PageUp recording.next
PageDown recording.previous
M-N screen.import
M-O corpus.open
M-E recording.media
M-S recording.save
M-A annotation.createTyped
M-Z edit.undo
`,
  ],
]

test.each(TABLES)('keymap %s has the keys of its tool (%s)', (name, place, table) => {
  expect.hasAssertions()
  expectKeys(name, place, table)
})
