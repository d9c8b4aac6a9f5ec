/** The parts of the published models: where they come from and under which licence. */

export const PART_IDS = {
  spamo: ['clip', 'videomae', 't5', 'checkpoint'],
  sign2gpt: ['stage1', 'stage2', 'dinov2', 'xglm', 'vocabulary', 'replacement'],
} as const
export type ModelKind = keyof typeof PART_IDS
export type PartId = (typeof PART_IDS)[ModelKind][number]

export const MODEL_NAMES: Readonly<Record<ModelKind, string>> = { spamo: 'SpaMo', sign2gpt: 'Sign2GPT' }

export function kindOfPart(id: PartId): ModelKind {
  return (PART_IDS.spamo as readonly string[]).includes(id) ? 'spamo' : 'sign2gpt'
}

export interface PublishedPart {
  id: PartId
  name: string
  licence: string
  /** The page to take it from. */
  source: string
  /** File names as published; of alternatives one is enough. */
  files: string[]
}

const SIGN2GPT = 'https://github.com/ryanwongsa/Sign2GPT'
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
  {
    id: 'stage1',
    name: 'Sign2GPT checkpoint, stage 1',
    licence: 'none stated',
    source: SIGN2GPT,
    files: ['best_result_checkpoint_EPOCH_SCORE.pt of the first stage, and its config.json'],
  },
  {
    id: 'stage2',
    name: 'Sign2GPT checkpoint, stage 2',
    licence: 'none stated',
    source: SIGN2GPT,
    files: ['best_result_checkpoint_EPOCH_SCORE.pt of the second stage, and its config.json'],
  },
  {
    id: 'dinov2',
    name: 'DINOv2',
    licence: 'Apache-2.0',
    source: 'https://github.com/facebookresearch/dinov2',
    files: ['dinov2_vits14_pretrain.pth: only where the checkpoint holds adapters alone'],
  },
  {
    id: 'xglm',
    name: 'XGLM',
    licence: 'MIT',
    source: 'https://huggingface.co/facebook/xglm-1.7B',
    files: [
      'config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      `${HUGGING_FACE_WEIGHTS}: only where the checkpoint holds adapters alone`,
    ],
  },
  {
    id: 'vocabulary',
    name: 'Pseudo-glosses',
    licence: 'that of the corpus',
    source: SIGN2GPT,
    files: ['processed_words.*_pkl that the first stage was trained with'],
  },
  {
    id: 'replacement',
    name: 'Added tokens',
    licence: 'that of the corpus',
    source: SIGN2GPT,
    files: ['replacement.pkl: only where training added tokens'],
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

/** Licences of the parts as their authors published them; the card may say otherwise for other weights. */
export function publishedLicences(
  kind: ModelKind,
  modelType?: string,
): { part: string; licence: string; source: string }[] {
  return PART_IDS[kind]
    .map(id => publishedPart(id, modelType))
    .map(({ name, licence, source }) => ({ part: name, licence, source }))
}
