import type { BlockRange } from '../graph/vision-transformer.ts'
import type { Tower } from './check-frames.ts'
import type { SpamoSources } from './spamo-sources.ts'

/** A large vision transformer's blocks have 50 MB each in 32 bits: four of them weigh less than what they compute. */
const BLOCKS_PER_PART = 4

/** Which blocks are run at once. */
export function towerParts(
  tower: Tower,
  { clip, videomae }: Pick<SpamoSources, 'clip' | 'videomae'>,
  blocksPerPart = BLOCKS_PER_PART,
): BlockRange[] {
  const { num_hidden_layers: blocks } = tower === 'spatial' ? clip.config : videomae.config
  return Array.from({ length: Math.ceil(blocks / blocksPerPart) }, (_, index) => ({
    from: index * blocksPerPart,
    to: Math.min(blocks, (index + 1) * blocksPerPart),
  }))
}
