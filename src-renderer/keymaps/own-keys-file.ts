import { z } from 'zod'
import { factOf } from './catalogue.ts'
import type { OwnKeys } from './chords.ts'

const KeyFile = z.object({
  signwrightKeys: z.literal(1),
  keymap: z.string(),
  keys: z.record(z.string(), z.array(z.string().min(1).max(60)).max(8)),
})

/** Own keys as a file to take along: JSON, commands by id. */
export function writeKeyFile(keymap: string, keys: OwnKeys): string {
  return `${JSON.stringify({ signwrightKeys: 1, keymap, keys }, null, 2)}\n`
}

export interface ReadKeys {
  keys: OwnKeys
  /** Ids that no command has; they are left out. */
  unknown: string[]
}

/** Throws an `Error` whose message says what is wrong with the file. */
export function readKeyFile(text: string): ReadKeys {
  const parsed = KeyFile.safeParse(parseJson(text))
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  const entries = Object.entries(parsed.data.keys)
  return {
    keys: Object.fromEntries(entries.filter(([id]) => factOf(id))),
    unknown: entries.map(([id]) => id).filter(id => !factOf(id)),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(error instanceof Error ? error.message : String(error), { cause: error })
  }
}
