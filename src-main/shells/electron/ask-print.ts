import type { PrintAnswer, PrintQuestion } from './host-protocol.ts'

const waiting = new Map<number, PromiseWithResolvers<Uint8Array>>()
let lastId = 0

/** Lets the window process print a page. */
export function askPrint(html: string): Promise<Uint8Array> {
  const id = (lastId += 1)
  const answered = Promise.withResolvers<Uint8Array>()
  waiting.set(id, answered)
  process.parentPort.postMessage({ kind: 'print', id, html } satisfies PrintQuestion)
  return answered.promise
}

export function takePrint(answer: PrintAnswer): void {
  const asked = waiting.get(answer.id)
  waiting.delete(answer.id)
  if (answer.kind === 'printed') asked?.resolve(answer.pdf)
  else asked?.reject(new Error(answer.reason))
}
