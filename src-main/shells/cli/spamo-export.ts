import { resolve } from 'node:path'
import type { ClipSelection } from '#shared/contract/clip.ts'
import { counted } from './output.ts'
import type { Api } from './session.ts'

/** Annotation files as SpaMo's loader reads them; says on stderr what its training would miss. */
export async function writeSpamoFiles(
  api: Api,
  outDir: string,
  selection: ClipSelection,
): Promise<{ files: string[]; clips: number }> {
  const { files, clips, withoutTranslations } = await api.exporting.spamo({
    outDir: resolve(outDir),
    selection,
  })
  if (withoutTranslations > 0)
    process.stderr.write(
      `${counted(withoutTranslations, 'clip')} without translations in en, es and fr: SpaMo's training asks for them, its evaluation does not use them.\n`,
    )
  return { files, clips }
}
