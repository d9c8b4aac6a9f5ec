/** Names that Windows keeps for devices, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/** Names that are good on every system: letters, digits, `.`, `_`, `-`; different when case is ignored. */
export function fileNames(names: readonly string[], fallback = 'run'): string[] {
  const taken = new Set<string>(['ref', 'ids'])
  return names.map(name => {
    const base = fileNameOf(name, fallback)
    let unique = base
    for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = `${base}-${n}`
    taken.add(unique.toLowerCase())
    return unique
  })
}

function fileNameOf(name: string, fallback: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .slice(0, 80)
    .replace(/^[.-]+|[.-]+$/g, '')
  if (safe === '') return fallback
  return RESERVED.test(safe) ? `${fallback}-${safe}` : safe
}
