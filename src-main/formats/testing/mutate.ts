export interface Mutant {
  name: string
  bytes: Uint8Array
  how: string
}

/** Small and repeatable (mulberry32): a failing case is known by its number. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Random = () => number
const upTo = (random: Random, limit: number) => Math.floor(random() * limit)

const NASTY = [
  '"',
  '<',
  '>',
  '&',
  '-->',
  '\n\n',
  '\r',
  '\0',
  '\uFEFF',
  ']]>',
  '<!DOCTYPE a>',
  '&#0;',
  '99999999999999999999',
  '-1',
  'NaN',
  '',
  '\t',
  '<a>',
  '</TIER>',
  '1e400',
  '\u2028',
  '{',
  '[[[[',
]

/** What happens to files: bytes turn over, parts go missing or come twice, lines and values are exchanged. */
const MUTATIONS: Record<string, (bytes: Buffer, random: Random) => Uint8Array> = {
  flip(bytes, random) {
    for (let n = 1 + upTo(random, 6); n > 0 && bytes.length; n--)
      bytes[upTo(random, bytes.length)]! ^= 1 << upTo(random, 8)
    return bytes
  },
  cut: (bytes, random) => bytes.subarray(0, upTo(random, bytes.length + 1)),
  drop(bytes, random) {
    const from = upTo(random, bytes.length)
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + upTo(random, 200))])
  },
  double(bytes, random) {
    const from = upTo(random, bytes.length)
    const to = Math.min(bytes.length, from + 1 + upTo(random, 400))
    return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
  },
  insert(bytes, random) {
    const at = upTo(random, bytes.length + 1)
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(NASTY[upTo(random, NASTY.length)]!),
      bytes.subarray(at),
    ])
  },
  utf16: bytes => Buffer.from(`\uFEFF${bytes.toString()}`, 'utf16le'),
  lines(bytes, random) {
    const lines = bytes.toString().split('\n')
    const [a, b] = [upTo(random, lines.length), upTo(random, lines.length)]
    ;[lines[a], lines[b]] = [lines[b]!, lines[a]!]
    return Buffer.from(lines.join('\n'))
  },
  removeLine(bytes, random) {
    const lines = bytes.toString().split('\n')
    lines.splice(upTo(random, lines.length), 1 + upTo(random, 3))
    return Buffer.from(lines.join('\n'))
  },
  /** Exchanges two quoted values: ids, references, times and tier names go wrong while the file stays well-formed. */
  values(bytes, random) {
    const text = bytes.toString()
    const quoted = [...text.matchAll(/"[^"<>&]{0,80}"/g)]
    if (quoted.length < 2) return bytes
    const [a, b] = [quoted[upTo(random, quoted.length)]!, quoted[upTo(random, quoted.length)]!]
    return Buffer.from(`${text.slice(0, a.index)}${b[0]}${text.slice(a.index + a[0].length)}`)
  },
  numbers(bytes, random) {
    const text = bytes.toString()
    const found = [...text.matchAll(/\d+/g)]
    const one = found[upTo(random, found.length)]
    if (!one) return bytes
    const other = ['0', '-5', '007', '4294967296', '1.5', '', `${upTo(random, 9999)}`][upTo(random, 7)]!
    return Buffer.from(`${text.slice(0, one.index)}${other}${text.slice(one.index + one[0].length)}`)
  },
  attribute(bytes, random) {
    const text = bytes.toString()
    const found = [...text.matchAll(/ [A-Z_]+[12]?="[^"]*"/g)]
    const one = found[upTo(random, found.length)]
    return one ? Buffer.from(text.slice(0, one.index) + text.slice(one.index + one[0].length)) : bytes
  },
}

/** One to three of the mutations, one after the other. */
export function mutate({ name, bytes }: { name: string; bytes: Uint8Array }, random: Random): Mutant {
  const names = Object.keys(MUTATIONS)
  const how: string[] = []
  let broken: Uint8Array = bytes
  for (let n = 1 + upTo(random, 3); n > 0; n--) {
    const kind = names[upTo(random, names.length)]!
    broken = MUTATIONS[kind]!(Buffer.from(broken), random)
    how.push(kind)
  }
  return { name, bytes: broken, how: how.join(' + ') }
}
