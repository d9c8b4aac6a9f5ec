/** The core may run on Windows while the page does not: its paths tell which separator they use. */
function separatorOf(dir: string): string {
  return dir.includes('\\') && !dir.includes('/') ? '\\' : '/'
}

export function joinPath(dir: string, name: string): string {
  const separator = separatorOf(dir)
  return dir.endsWith(separator) ? dir + name : dir + separator + name
}

export function baseName(path: string): string {
  return (
    path
      .replace(/[\\/]+$/, '')
      .split(/[\\/]/)
      .at(-1) ?? path
  )
}

/** A file name that every system takes, from what the user calls the corpus. */
export function fileNameFor(title: string): string {
  const safe = title
    .trim()
    .replaceAll(/[<>:"/\\|?*\p{Cc}]/gu, '-')
    .replace(/[. ]+$/, '')
  return safe || 'corpus'
}
