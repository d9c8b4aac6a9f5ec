/** The ways of annotating a recording; each is a mode of keys of its own, as in ELAN. */
export const MODES = ['annotation', 'segmentation', 'transcription', 'gloss', 'subtitles'] as const
export type Mode = (typeof MODES)[number]

/** Where a command can be reached: on every screen, on one screen, or in one mode of the Annotate screen. */
export type Scope = 'everywhere' | 'corpus' | 'review' | Mode

/** Keys in order of preference; the first is shown. `otherwise` holds in the modes that are not named. */
export type Chords = readonly string[] | Partial<Record<Mode | 'otherwise', readonly string[]>>

/** Command id → its keys. A command that a keymap does not name has the keys of Signwright's own. */
export type Keymap = Readonly<Record<string, Chords>>

export function chordsIn(chords: Chords, mode: Mode | null): readonly string[] {
  if (!('length' in chords)) return (mode && chords[mode]) ?? chords.otherwise ?? []
  return chords
}
