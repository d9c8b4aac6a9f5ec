/** Names what an imported run was made from: the same system in the same files is the same thing twice. */
export function importFingerprint(system: string, files: readonly { sha256: string }[]): string {
  return `imported:${system}:${files.map(file => file.sha256).join(',')}`
}
