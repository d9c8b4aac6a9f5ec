import { type ConvertOptions, convertSources } from './convert-model.ts'
import type { SpamoManifest } from './manifest.ts'
import { openSpamoSources, type SourcePaths } from './spamo-sources.ts'
import { spamoModel } from './spamo-model.ts'

export type ConvertSpamoOptions = ConvertOptions & SourcePaths

/** SpaMo's four published parts become a bundle. */
export async function convertSpamo(options: ConvertSpamoOptions): Promise<SpamoManifest> {
  return (await convertSources(() => spamoModel(openSpamoSources(options)), options)) as SpamoManifest
}
