import { join } from 'node:path'
import { app, safeStorage } from 'electron'
import { readText, writeJson } from '../../core/json-file.ts'
import type { KeyAnswer, KeyQuestion } from './host-protocol.ts'

/**
 * Keys of servers, encrypted with what the system's keychain holds. Where there is no keychain nothing is kept: a file
 * that anybody can decrypt is not a secret.
 */
export function answerKey({ id, host, act }: KeyQuestion, dataDir: string): KeyAnswer {
  try {
    return { kind: 'key', id, key: answer({ host, act }, join(dataDir, 'api-keys.json')) }
  } catch (error) {
    return { kind: 'no-key', id, reason: error instanceof Error ? error.message : String(error) }
  }
}

function answer({ host, act }: Pick<KeyQuestion, 'host' | 'act'>, file: string): string | null {
  const kept = JSON.parse(readText(file) ?? '{}') as Record<string, string>
  if (act.kind === 'get') {
    const secret = kept[host]
    return secret === undefined ? null : safeStorage.decryptString(Buffer.from(secret, 'base64'))
  }
  const { [host]: _old, ...others } = kept
  if (act.key !== null) assertKeychain()
  const next = act.key === null ? {} : { [host]: safeStorage.encryptString(act.key).toString('base64') }
  writeJson(file, { ...others, ...next })
  return act.key
}

/** On Linux Electron falls back to a password that is in its source. */
function assertKeychain(): void {
  const isReal =
    app.isReady() &&
    safeStorage.isEncryptionAvailable() &&
    (process.platform !== 'linux' || safeStorage.getSelectedStorageBackend() !== 'basic_text')
  if (!isReal)
    throw new Error(
      'This system has no keychain that is unlocked (GNOME Keyring, KWallet). Unlock one and try again, or use a server that needs no key.',
    )
}
