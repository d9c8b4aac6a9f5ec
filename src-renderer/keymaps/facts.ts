import type { TextKey, TranslateText } from '../composables/use-text.ts'
import { MODES, type Scope } from './modes.ts'

/** What is known of a command before its screen is open: for the key editor, the cheat sheet and conflict checks. */
export interface CommandFact {
  id: string
  title: (t: TranslateText) => string
  group: TextKey
  scopes: readonly Scope[]
  /** Two commands in different states never apply at once, so they may share a key: Enter edits, or creates. */
  state?: string
}

export const ANY_MODE: readonly Scope[] = MODES
/** Wherever there is a player. */
export const WITH_PLAYER: readonly Scope[] = ['review', ...MODES]
/** Wherever the timeline is beside the player and has the keys. */
export const WITH_TIMELINE: readonly Scope[] = ['review', 'annotation', 'segmentation']

type Titles = Readonly<Record<string, TextKey>>

export function facts(
  group: TextKey,
  scopes: readonly Scope[],
  titles: Titles,
  states: Readonly<Record<string, string>> = {},
): CommandFact[] {
  return Object.entries(titles).map(([id, title]) => ({
    id,
    title: t => t(title),
    group,
    scopes,
    ...(states[id] !== undefined && { state: states[id] }),
  }))
}
