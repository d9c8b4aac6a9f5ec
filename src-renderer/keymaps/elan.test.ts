import { expect, test } from 'vitest'
import { expectKeys } from '../testing/key-table.ts'
import { factOf } from './catalogue.ts'
import type { Mode } from './modes.ts'

/**
 * What ELAN 7.0 binds by default, mode by mode (`ShortcutsUtil.java`), and the command that does it here. `M` is the
 * menu key, `C` Control on every machine, `S` Shift, `A` Alt.
 */
const ANNOTATION = `
C-Space playback.toggle
S-Space playback.playSelection
C-S-Space playback.playAround
C-A-Space playback.stepAndRepeat
C-5 playback.slowSelection
C-0 playback.normalSelection
M-ArrowLeft playback.previousFrame
M-ArrowRight playback.nextFrame
M-S-ArrowLeft playback.pixelBack
M-S-ArrowRight playback.pixelOn
S-ArrowLeft playback.secondBack
S-ArrowRight playback.secondOn
M-PageUp playback.screenBack
M-PageDown playback.screenOn
M-B playback.clipStart
M-E playback.clipEnd
M-G playback.goToTime
M-A-G playback.copyTime
M-L playback.loop
M-K selection.mode
S-A-C selection.clear
C-S-Z selection.clearAndLeave
M-/ selection.boundary
M-A-/ selection.centre
M-S-A timeline.centreSelection
A-ArrowLeft annotation.previous
A-ArrowRight annotation.next
M-A-ArrowLeft annotation.previousEdit
M-A-ArrowRight annotation.nextEdit
A-ArrowUp annotation.up
A-ArrowDown annotation.down
M-ArrowUp tier.up
M-ArrowDown tier.down
M-A-N annotation.create
A-N annotation.create
M-S-N annotation.createBefore
S-A-N annotation.createAfter
M-S-A-N annotation.createTyped
S-Enter annotation.mark
M-A-M annotation.edit
A-M annotation.edit
M-Enter annotation.takeSelection
M-S-M annotation.timeDialog
S-A-M annotation.category
C-J annotation.startEarlier
C-U annotation.startLater
C-S-J annotation.endEarlier
C-S-U annotation.endLater
M-A-D annotation.remove
A-D annotation.remove
M-Delete annotation.clearValue
M-D annotation.duplicate
C-S-D annotation.copyToNext
M-C annotation.copy
M-V annotation.paste
M-S-V annotation.pasteHere
M-A-C annotation.copyGroup
M-A-V annotation.pasteGroup
M-S-A-V annotation.pasteGroupHere
M-S-Enter annotation.shift
M-S-E annotation.edit
M-A-R playback.rateToggle
M-S-R playback.volumeToggle
M-= timeline.zoomIn
M-- timeline.zoomOut
M-0 timeline.fit
`

const SEGMENTATION = `
Enter segment.mark
Backspace annotation.remove
ArrowUp tier.up
ArrowDown tier.down
M-S-A annotation.mergeNext
M-S-B annotation.mergeBefore
M-S-M annotation.timeDialog
`

const TRANSCRIPTION = `
Enter transcription.commit
Escape transcription.cancel
Tab transcription.toggle
S-Tab transcription.playFromStart
A-ArrowUp transcription.cellUp
A-ArrowDown transcription.cellDown
A-ArrowLeft transcription.cellLeft
A-ArrowRight transcription.cellRight
S-Delete transcription.remove
M-S-A annotation.mergeNext
M-S-B annotation.mergeBefore
`

/** ELAN's turns and scenes. */
const SUBTITLES = `
Enter subtitle.splitAtCaret
M-S-ArrowUp subtitle.mergeBefore
M-S-ArrowDown subtitle.mergeNext
M-[ subtitle.start
M-] subtitle.end
`

/** ELAN's interlinear mode. */
const GLOSS = `
M-J gloss.split
M-I gloss.analyse
M-L gloss.addToLexicon
`

const EVERYWHERE = `
M-S recording.save
M-S-S recording.saveAs
M-S-A-S recording.template
M-Z edit.undo
M-Y edit.redo
M-F search.find
M-S-F search.corpus
M-S-A-F search.structured
M-T tier.create
M-S-T tierType.create
M-A-T tier.remove
M-S-C vocabulary.edit
M-A-L recording.media
M-N corpus.create
M-O corpus.open
M-W corpus.close
M-Q app.quit
S-ArrowUp recording.previous
S-ArrowDown recording.next
`

/** ELAN has these without a key; they must exist for whoever wants to give them one. */
const WITHOUT_KEY = ['annotation.split', 'annotation.mergeNext', 'annotation.mergeBefore']

const TABLES: [Mode, string][] = [
  ['annotation', ANNOTATION],
  ['segmentation', SEGMENTATION],
  ['transcription', TRANSCRIPTION],
  ['subtitles', SUBTITLES],
  ['gloss', GLOSS],
  ['annotation', EVERYWHERE],
]

test.each(TABLES)("the ELAN keymap has each of ELAN's default keys (%s)", (mode, table) => {
  expectKeys('elan', mode, table)
})

test('what ELAN leaves without a key is there for whoever wants to give it one', () => {
  expect(WITHOUT_KEY.filter(command => !factOf(command))).toEqual([])
})
