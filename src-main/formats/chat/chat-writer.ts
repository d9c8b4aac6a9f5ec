import { BULLET, type ChatTranscript } from './chat-transcript.ts'

/** UTF-8 without a byte order mark, as CLAN writes it: the first line says which encoding it is. */
export function writeChat({ headers, utterances }: ChatTranscript): Uint8Array {
  const lines = ['@UTF8', '@Begin']
  for (const { name, value } of headers) lines.push(value === '' ? name : `${name}:\t${value}`)
  for (const { speaker, text, span, dependents } of utterances) {
    const mark = span ? `${BULLET}${span.startMs}_${span.endMs}${BULLET}` : ''
    lines.push(`*${speaker}:\t${[text, mark].filter(part => part !== '').join(' ')}`)
    for (const dependent of dependents) lines.push(`%${dependent.code}:\t${dependent.text}`)
  }
  lines.push('@End', '')
  return Buffer.from(lines.join('\n'))
}
