import { AppError } from '#shared/contract/errors.ts'

/** Where keys of servers are; they are never in settings, corpora, jobs or logs. */
export interface ApiKeys {
  place: 'keychain' | 'environment'
  get: (host: string) => Promise<string | null>
  /** Null removes it. */
  set: (host: string, key: string | null) => Promise<void>
}

export const KEY_VARIABLE = 'SIGNWRIGHT_API_KEY'

/** Shells without a keychain: the key is in the environment of the process, and only there. */
export function environmentKeys(environment: NodeJS.ProcessEnv = process.env): ApiKeys {
  return {
    place: 'environment',
    get: async () => environment[KEY_VARIABLE]?.trim() || null,
    set: async () => {
      throw new AppError(
        'not-permitted',
        `Without the desktop program there is no keychain, and keys are never written to disk. Start Signwright with the key in the environment variable ${KEY_VARIABLE}.`,
      )
    },
  }
}
