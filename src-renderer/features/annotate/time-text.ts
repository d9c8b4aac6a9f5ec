/**
 * Milliseconds from what people type for a time: `1:02:03.5`, `2:03`, `12.34` (seconds), `250ms`, with a sign for
 * shifts. Null where it is none of these.
 */
export function parseTime(text: string): number | null {
  const [, sign, rest = ''] = /^\s*([+\-−]?)\s*(.*?)\s*$/.exec(text) ?? []
  const factor = sign === '-' || sign === '−' ? -1 : 1
  const milliseconds = /^(\d+)\s*ms$/.exec(rest)?.[1]
  if (milliseconds !== undefined) return factor * Number(milliseconds)
  if (!/^(\d+:){0,2}\d+([.,]\d+)?$/.test(rest)) return null
  const seconds = rest
    .replace(',', '.')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0)
  return factor * Math.round(seconds * 1000)
}
