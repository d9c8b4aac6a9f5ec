import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../../../../shared/corpora/annotation')

export interface RealFile {
  name: string
  bytes: Uint8Array
}

/** Annotation files of other programs, where they have been laid beside the repository. */
export function realFiles(...extensions: string[]): RealFile[] {
  if (!existsSync(FOLDER)) return []
  return readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter(name => extensions.includes(extname(name).toLowerCase()))
    .toSorted()
    .map(name => ({ name, bytes: readFileSync(join(FOLDER, name)) }))
}

export const NO_REAL_FILES = 'there are no real annotation files in ../shared/corpora/annotation'
