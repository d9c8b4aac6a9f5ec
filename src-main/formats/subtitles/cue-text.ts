export interface PlainCue {
  value: string
  speaker: string
  /** Something of the markup (bold, classes, karaoke times, several voices) is not in the value. */
  hadFormatting: boolean
}

const TAG = /<(\/?)(b|i|u|c|v|lang|ruby|rt)((?:\.[^\s<>.]+)*)(?:[ \t\n]([^<>]*))?>|<\d[\d:.]*>/g

const NAMED: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  nbsp: '\u00A0',
  lrm: '\u200E',
  rlm: '\u200F',
  quot: '"',
  apos: "'",
}

/** The words of a WebVTT cue. Tags that the format does not know are words: glosses are written like that. */
export function plainVtt(text: string): PlainCue {
  const voices = [...text.matchAll(TAG)].filter(match => match[2] === 'v' && !match[1])
  const [first] = voices
  const isOneVoice = voices.length === 1 && first?.index === 0 && !/<\/v>[^]*\S/.test(text)
  let hadFormatting = false
  const words = text.replace(
    TAG,
    (_tag, _slash: string, name: string | undefined, classes: string | undefined) => {
      if (!(isOneVoice && name === 'v') || classes) hadFormatting = true
      return ''
    },
  )
  return {
    value: decodeReferences(words),
    speaker: isOneVoice ? decodeReferences((first?.[4] ?? '').trim()) : '',
    hadFormatting,
  }
}

function decodeReferences(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([a-z]+));/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return NAMED[name] ?? whole
      const code = decimal ? Number(decimal) : Number.parseInt(hex!, 16)
      return code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
        ? String.fromCodePoint(code)
        : whole
    },
  )
}

export function escapeVtt(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

const SRT_MARKUP = /<\/?(?:b|i|u|s|font)(?:\s[^<>]*)?>|\{\\[^{}]*\}/gi

/** SRT has no way to say that `<b>` is meant as written. */
export function plainSrt(text: string): PlainCue {
  const value = text.replace(SRT_MARKUP, '')
  return { value, speaker: '', hadFormatting: value !== text }
}
