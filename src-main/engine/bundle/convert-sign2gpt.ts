import { type ConvertOptions, convertSources } from './convert-model.ts'
import type { Sign2gptManifest } from './manifest.ts'
import { sign2gptModel } from './sign2gpt-model.ts'
import { openSign2gptSources, type Sign2gptPaths } from './sign2gpt-sources.ts'

export type ConvertSign2gptOptions = ConvertOptions & Sign2gptPaths

/** Checkpoints of one or both stages, with the public weights they build on, become a bundle. */
export async function convertSign2gpt(options: ConvertSign2gptOptions): Promise<Sign2gptManifest> {
  const manifest = await convertSources(() => sign2gptModel(openSign2gptSources(options)), options)
  return manifest as Sign2gptManifest
}
