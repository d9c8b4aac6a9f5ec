import type { DownloadPreset } from '#shared/contract/download.ts'

/** The published parts of SpaMo (Hwang et al. 2025, arXiv 2408.10593, section 4.1). */
export const PRESETS: readonly DownloadPreset[] = [
  {
    id: 'clip',
    repository: 'openai/clip-vit-large-patch14',
    part: 'spatial',
    licence: 'MIT',
    licenceSource: 'https://github.com/openai/CLIP/blob/main/LICENSE',
    needsWeights: true,
  },
  {
    id: 'videomae',
    repository: 'MCG-NJU/videomae-large',
    part: 'motion',
    licence: 'CC BY-NC 4.0',
    licenceSource: 'https://huggingface.co/MCG-NJU/videomae-large',
    needsWeights: true,
  },
  {
    id: 'flan-t5',
    repository: 'google/flan-t5-xl',
    part: 'language',
    licence: 'Apache-2.0',
    licenceSource: 'https://huggingface.co/google/flan-t5-xl',
    // The published checkpoint of SpaMo holds the language model itself.
    needsWeights: false,
  },
]

/** Names to look for, best first; where the first is missing the next is tried. */
export type Alternatives = readonly string[]

const WEIGHTS: Alternatives = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json',
]

export interface WantedFiles {
  required: readonly Alternatives[]
  /** Taken where the server has them. */
  optional: readonly string[]
}

/** What a conversion reads from a repository. */
export function wantedFiles(repository: string, withWeights: boolean): WantedFiles {
  const weights = withWeights ? [WEIGHTS] : []
  const preset = PRESETS.find(each => each.repository === repository)
  const pictures = ['preprocessor_config.json']
  const text = ['tokenizer.json', 'tokenizer_config.json']
  if (!preset) return { required: [['config.json'], ...weights], optional: [...pictures, ...text] }
  const beside = preset.part === 'language' ? text : pictures
  return { required: [...['config.json', ...beside].map(name => [name]), ...weights], optional: [] }
}
