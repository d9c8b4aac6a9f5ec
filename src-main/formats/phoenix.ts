import type { ColumnRole } from '#shared/contract/transfer.ts'

/** RWTH-PHOENIX-Weather 2014T: `name|video|start|end|speaker|orth|translation`, no quoting. */
const ROLE_OF_COLUMN: Readonly<Record<string, ColumnRole>> = {
  name: 'id',
  id: 'id',
  video: 'file',
  folder: 'file',
  start: 'ignore',
  end: 'ignore',
  speaker: 'signer',
  signer: 'signer',
  orth: 'gloss',
  annotation: 'gloss',
  translation: 'text',
}

export const PHOENIX_HEADER: readonly string[] = [
  'name',
  'video',
  'start',
  'end',
  'speaker',
  'orth',
  'translation',
]
export const PHOENIX_LANGUAGE = 'de'

/** The split that a corpus table is about: `PHOENIX-2014-T.dev.corpus.csv` → `dev`; null for any other file. */
export function phoenixSplit(fileName: string): string | null {
  return (
    /^PHOENIX-2014-T(?:\.[^.]+)*?\.(train|dev|test)\.(?:[^.]+\.)*csv$/i.exec(fileName)?.[1]?.toLowerCase() ??
    null
  )
}

/** The meaning of the columns, or null where the header is not one of this corpus. */
export function phoenixColumns(header: readonly string[]): ColumnRole[] | null {
  const roles = header.map(name => ROLE_OF_COLUMN[name.trim().toLowerCase()])
  if (!roles.includes('text') || !roles.includes('id')) return null
  if (roles.some(role => role === undefined)) return null
  return roles as ColumnRole[]
}

/** Where below the frame root a sentence's pictures may lie: the corpus has a level `1`, preprocessed copies do not. */
export function phoenixFolders(clip: { name: string; file: string }): string[] {
  const listed = clip.file.replace(/\\/g, '/').replace(/\/\*\.[a-z]+$/i, '')
  return [...new Set([listed, `${clip.name}/1`, clip.name])].filter(
    folder => folder !== '' && !folder.includes('..'),
  )
}
