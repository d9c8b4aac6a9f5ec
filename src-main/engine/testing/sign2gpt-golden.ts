/** Access to the numeric fixtures of `../shared/golden/sign2gpt`, which are not part of the repository. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type ClipFacts, goldenFrames, goldenJson, readNpy } from './golden.ts'
import type { FrameBatch } from '../pipelines/spamo.ts'

export const SIGN2GPT = resolve(import.meta.dirname, '../../../../shared/golden/sign2gpt')
export const hasSign2gpt = existsSync(SIGN2GPT)
if (!hasSign2gpt) process.stderr.write(`Golden tests of Sign2GPT are skipped: ${SIGN2GPT} is not there.\n`)

export const sign2gptArray = (path: string) => readNpy(join(SIGN2GPT, path))
export const sign2gptJson = <T>(path: string) => JSON.parse(readFileSync(join(SIGN2GPT, path), 'utf8')) as T

/** Frames of a clip of the sister set. */
export function sign2gptFrames(name: string): FrameBatch {
  const clip = goldenJson<ClipFacts[]>('frames/index.json').find(facts => facts.name === name)
  if (!clip) throw new Error(`no clip ${name}`)
  return goldenFrames(clip)
}

export const CHECKPOINTS = {
  stage1: join(SIGN2GPT, 'stage1/best_result_checkpoint_10_0.4321.pt'),
  stage2: join(SIGN2GPT, 'stage2/best_result_checkpoint_10_18.2415.pt'),
  lean: join(SIGN2GPT, 'stage2/lean_adapters.pt'),
}
export const PARTS = {
  dinov2: join(SIGN2GPT, 'dinov2-tiny/dinov2_tiny_pretrain.pth'),
  xglmDir: join(SIGN2GPT, 'xglm-tiny'),
  vocabulary: join(SIGN2GPT, 'vocabulary/processed_words.phx_pkl'),
}
