import { expect, test } from 'vitest'
import { CATALOGUE, factOf } from './catalogue.ts'
import { conflictsWithin, defaultKeys, isBrowsersOwn, KEYMAPS, type KeymapName, pressedAs } from './chords.ts'
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

const HELD: Readonly<Record<string, string>> = { M: 'Ctrl', C: 'Control', S: 'Shift', A: 'Alt' }

function written(chord: string): string {
  const [, held, key] = /^((?:[MCSA]-)*)(.+)$/.exec(chord) ?? []
  const names = (held ?? '').split('-').filter(Boolean)
  return [...names.map(name => HELD[name]), key].join('+')
}

function rows(table: string): [chord: string, command: string][] {
  return table
    .trim()
    .split('\n')
    .map(line => line.split(' '))
    .map(([chord = '', command = '']) => [written(chord), command])
}

const TABLES: [Mode, string][] = [
  ['annotation', ANNOTATION],
  ['segmentation', SEGMENTATION],
  ['transcription', TRANSCRIPTION],
  ['subtitles', SUBTITLES],
  ['gloss', GLOSS],
  ['annotation', EVERYWHERE],
]

test.each(TABLES)("the ELAN keymap has each of ELAN's default keys (%s)", (mode, table) => {
  for (const [chord, command] of rows(table)) {
    for (const isMac of [false, true]) {
      const keys = (defaultKeys(command, 'elan', mode) ?? []).map(key => pressedAs(key, isMac))
      expect(keys, `${command} on ${chord}`).toContain(pressedAs(chord, isMac))
    }
    const fact = factOf(command)
    expect(fact, `${command} is a command`).toBeDefined()
    const isReached = fact?.scopes.some(scope => scope === mode || scope === 'everywhere')
    expect(isReached, `${command} is offered in ${mode}`).toBe(true)
  }
  for (const command of WITHOUT_KEY) expect(factOf(command)).toBeDefined()
})

const NAMES = Object.keys(KEYMAPS) as KeymapName[]

test.each(NAMES)('no two commands of keymap %s share a key where both can be meant', name => {
  for (const isMac of [false, true]) {
    const found = conflictsWithin(CATALOGUE, (id, mode) => defaultKeys(id, name, mode) ?? [], isMac)
    expect(found).toEqual([])
  }
})

test.each(NAMES)('every key of keymap %s belongs to a command', name => {
  expect(Object.keys(KEYMAPS[name]).filter(id => !factOf(id))).toEqual([])
})

test('where a browser keeps a key for itself, the keymap has another one', () => {
  const modes: Mode[] = ['annotation', 'segmentation', 'transcription', 'gloss', 'subtitles']
  const lost = CATALOGUE.flatMap(fact =>
    NAMES.flatMap(name =>
      modes
        .map(mode => defaultKeys(fact.id, name, mode) ?? [])
        .filter(keys => keys.length > 0 && keys.every(isBrowsersOwn))
        .map(keys => `${name} ${fact.id} ${keys.join(' ')}`),
    ),
  )
  // Leaving the program has no meaning in a tab.
  expect([...new Set(lost)]).toEqual(['elan app.quit Ctrl+Q'])
})
