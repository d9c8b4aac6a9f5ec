import { AppError } from '#shared/contract/errors.ts'
import type { ApiKeys } from '../../core/gloss-to-text/api-keys.ts'
import type { KeyAnswer, KeyQuestion } from './host-protocol.ts'

const waiting = new Map<number, PromiseWithResolvers<string | null>>()
let lastId = 0

function ask(host: string, act: KeyQuestion['act']): Promise<string | null> {
  const id = (lastId += 1)
  const answered = Promise.withResolvers<string | null>()
  waiting.set(id, answered)
  process.parentPort.postMessage({ kind: 'key', id, host, act } satisfies KeyQuestion)
  return answered.promise
}

/** The system's keychain, which only the window process can reach. */
export const keychain: ApiKeys = {
  place: 'keychain',
  get: host => ask(host, { kind: 'get' }),
  set: async (host, key) => {
    await ask(host, { kind: 'set', key })
  },
}

export function takeKey(answer: KeyAnswer): void {
  const asked = waiting.get(answer.id)
  waiting.delete(answer.id)
  if (answer.kind === 'key') asked?.resolve(answer.key)
  else asked?.reject(new AppError('not-permitted', answer.reason))
}
