import { formatTime } from './cue-time.ts'
import type { SubtitleCue, SubtitleDocument } from './subtitle-document.ts'

/** The file in the regular form of its format: every block that was read, timings as they should be written. */
export function writeSubtitles(document: SubtitleDocument): Uint8Array {
  const isVtt = document.format === 'vtt'
  let number = 0
  const blocks = document.blocks.map(block => {
    if (block.kind !== 'cue') return block.text
    number += 1
    return cueText(block, isVtt ? block.id : block.id || String(number), isVtt ? '.' : ',')
  })
  const all = isVtt ? [`WEBVTT${document.header}`, ...blocks] : blocks
  const text = all.length ? `${all.join('\n\n')}\n` : ''
  const lines = document.eol === '\n' ? text : text.replaceAll('\n', '\r\n')
  const marked = document.hasByteOrderMark ? `\uFEFF${lines}` : lines
  if (document.encoding === 'utf-16le') return Buffer.from(marked, 'utf16le')
  if (document.encoding === 'utf-16be') return Buffer.from(marked, 'utf16le').swap16()
  return Buffer.from(marked, 'utf8')
}

function cueText({ startMs, endMs, settings, text }: SubtitleCue, id: string, separator: ',' | '.'): string {
  const timing = `${formatTime(startMs, separator)} --> ${formatTime(endMs, separator)}${settings ? ` ${settings}` : ''}`
  return [...(id ? [id] : []), timing, ...(text ? [text] : [])].join('\n')
}
