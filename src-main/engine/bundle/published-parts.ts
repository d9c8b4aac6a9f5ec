/** The four parts of the published SpaMo model: where they come from and under which licence. */

export const PART_IDS = ['clip', 'videomae', 't5', 'checkpoint'] as const
export type PartId = (typeof PART_IDS)[number]

export interface PublishedPart {
  id: PartId
  name: string
  licence: string
  /** The page to take it from. */
  source: string
  /** File names as published; of alternatives one is enough. */
  files: string[]
}

const HUGGING_FACE_WEIGHTS = 'model.safetensors or pytorch_model.bin (or their index.json with all shards)'

export const PUBLISHED_PARTS: readonly PublishedPart[] = [
  {
    id: 'clip',
    name: 'CLIP',
    licence: 'MIT',
    source: 'https://huggingface.co/openai/clip-vit-large-patch14',
    files: ['config.json', 'preprocessor_config.json', HUGGING_FACE_WEIGHTS],
  },
  {
    id: 'videomae',
    name: 'VideoMAE',
    licence: 'CC-BY-NC-4.0',
    source: 'https://huggingface.co/MCG-NJU/videomae-large',
    files: ['config.json', 'preprocessor_config.json', HUGGING_FACE_WEIGHTS],
  },
  {
    id: 't5',
    name: 'Flan-T5',
    licence: 'Apache-2.0',
    source: 'https://huggingface.co/google/flan-t5-xl',
    files: [
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      `${HUGGING_FACE_WEIGHTS}: only where the checkpoint does not hold the language model`,
    ],
  },
  {
    id: 'checkpoint',
    name: 'SpaMo checkpoint',
    licence: 'none stated',
    source: 'https://github.com/eddie-euijun-hwang/SpaMo',
    files: ['spamo.ckpt'],
  },
]

/** The multilingual relative of Flan-T5, which SpaMo uses for Chinese. */
const MT0 = { name: 'mT0', licence: 'Apache-2.0', source: 'https://huggingface.co/bigscience/mt0-xl' }

/** `modelType`: that of the language model's config.json. */
export function publishedPart(id: PartId, modelType?: string): PublishedPart {
  const part = PUBLISHED_PARTS.find(candidate => candidate.id === id)
  if (!part) throw new Error(`No part ${id}`)
  return id === 't5' && modelType === 'mt5' ? { ...part, ...MT0 } : part
}
