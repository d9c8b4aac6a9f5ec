import { MessageChannelMain, type UtilityProcess } from 'electron'
import type { MediaAnswer, MediaQuestion } from './host-protocol.ts'

/** Asks the core host for a media response; each chunk is fetched when the page wants it. */
export function fetchFromHost(host: UtilityProcess, request: Request): Promise<Response> {
  const { port1, port2 } = new MessageChannelMain()
  const question: MediaQuestion = {
    kind: 'media',
    url: request.url,
    method: request.method,
    headers: Object.fromEntries(request.headers),
  }
  host.postMessage(question, [port2])

  return new Promise(resolve => {
    let deliver = (_answer: MediaAnswer) => {}
    const body = () =>
      new ReadableStream<Uint8Array>({
        pull: controller =>
          new Promise(done => {
            deliver = answer => {
              if (answer.kind === 'chunk') controller.enqueue(answer.bytes)
              if (answer.kind === 'end') {
                controller.close()
                port1.close()
              }
              done()
            }
            port1.postMessage('pull')
          }),
        cancel: () => {
          port1.postMessage('cancel')
          port1.close()
        },
      })
    port1.on('message', ({ data }) => {
      const answer = data as MediaAnswer
      if (answer.kind !== 'head') return deliver(answer)
      resolve(
        new Response(answer.hasBody ? body() : null, { status: answer.status, headers: answer.headers }),
      )
    })
    port1.start()
  })
}
