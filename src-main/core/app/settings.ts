import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Settings } from '#shared/contract/app.ts'
import type { Log } from '../context.ts'
import { readText, writeJson } from '../json-file.ts'

export interface SettingsStore {
  get: () => Settings
  /** Changes what is given, keeps the rest. */
  save: (changes: Partial<Settings>) => Settings
}

/** The user's settings in `dataDir/settings.json`. */
export function openSettings(dataDir: string, log: Log): SettingsStore {
  const file = join(dataDir, 'settings.json')
  let settings = read(file, dataDir, log)

  return {
    get: () => settings,
    save: changes => {
      const given = Object.entries(changes).filter(([, value]) => value !== undefined)
      const next = Settings.parse({ ...settings, ...Object.fromEntries(given) })
      writeJson(file, next)
      settings = next
      return settings
    },
  }
}

/** A file that makes no sense is kept beside, for whoever wants to repair it, and the defaults are used. */
function read(file: string, dataDir: string, log: Log): Settings {
  const text = readText(file)
  if (text === undefined) return Settings.parse({})
  try {
    // A newer program may have written more; what this one does not know is left out.
    return z.object(Settings.shape).parse(JSON.parse(text))
  } catch (error) {
    const aside = join(dataDir, 'settings.broken.json')
    log.warn({ err: error, file, aside }, 'settings unreadable: defaults used, the file kept aside')
    renameSync(file, aside)
    return Settings.parse({})
  }
}
