import { AppError } from '#shared/contract/errors.ts'
import type { FoundParts } from './find-parts.ts'
import type { ModelSources } from './model-sources.ts'
import { sign2gptModel } from './sign2gpt-model.ts'
import { openSign2gptSources } from './sign2gpt-sources.ts'
import { spamoModel } from './spamo-model.ts'
import { openSpamoSources } from './spamo-sources.ts'

/** Opens what was found, whatever kind of model it is. */
export function openFoundModel({ kind, parts, settings }: FoundParts): ModelSources {
  if (kind === 'sign2gpt') {
    const { xglm: xglmDir, stage1, stage2, dinov2, vocabulary, replacement } = parts
    const pickles = { vocabulary, replacement }
    return sign2gptModel(
      openSign2gptSources({ stage1, stage2, dinov2, xglmDir, ...pickles, config: settings ?? undefined }),
    )
  }
  const { clip, videomae, t5, checkpoint } = parts
  if (!clip || !videomae || !t5 || !checkpoint)
    throw new AppError('invalid-input', 'A SpaMo model needs CLIP, VideoMAE, T5 and a checkpoint.')
  return spamoModel(
    openSpamoSources({
      clipDir: clip,
      videomaeDir: videomae,
      t5Dir: t5,
      checkpoint,
      config: settings ?? undefined,
    }),
  )
}
