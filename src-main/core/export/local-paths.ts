import { posix, win32 } from 'node:path'

/** Where files lie on one machine is nobody else's business: every absolute path becomes the name of its file. */
export function withoutFolders(value: unknown): unknown {
  if (typeof value === 'string') return nameAlone(value)
  if (Array.isArray(value)) return value.map(withoutFolders)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutFolders(inner)]))
}

function nameAlone(text: string): string {
  if (/^(?:[A-Za-z]:[\\/]|\\\\)/.test(text)) return win32.basename(text)
  return /^\/[^/\s]/.test(text) ? posix.basename(text) : text
}
