import { openWeights } from '../weights/open-weights.ts'
import type { FoundParts } from './find-parts.ts'
import { PART_IDS, type PartId } from './published-parts.ts'

const PATCHES = '.patch_embed.proj.weight'

/** What a model cannot do without, given what was found. */
export function neededParts({ kind, parts }: FoundParts): ReadonlySet<PartId> {
  if (kind === 'spamo') return new Set(PART_IDS.spamo)
  const { stage1, stage2 } = parts
  const needed = new Set<PartId>()
  // One stage is enough; where there is none, the second is what most people want.
  if (stage1 === undefined) needed.add('stage2')
  if (stage1 !== undefined) needed.add('stage1').add('vocabulary')
  if (stage2 !== undefined) needed.add('stage2').add('xglm')
  const checkpoints = [stage1, stage2].filter(path => path !== undefined)
  if (checkpoints.length > 0 && !checkpoints.some(path => holds(path, name => name.endsWith(PATCHES))))
    needed.add('dinov2')
  return needed
}

function holds(checkpoint: string, isWanted: (name: string) => boolean): boolean {
  using store = openWeights(checkpoint)
  return [...store.tensors.keys()].some(isWanted)
}
