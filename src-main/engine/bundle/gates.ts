import { join } from 'node:path'
import { z } from 'zod'
import { readJson } from '../weights/open-weights.ts'
import { corrupt } from '../weights/tensor.ts'
import type { BundleManifest } from './manifest.ts'
import type { Bundle } from './open-bundle.ts'

export const GATES_NAME = 'gates.json'

/** What each head of each layer lets through of the cross-attention to the cells, 0 … 1: [layers][heads]. */
export const Gates = z.array(z.array(z.number().min(0).max(1)).min(1)).min(1)
export type Gates = z.infer<typeof Gates>

/**
 * The graphs hold the gates folded into other weights; this is what they were.
 * Null for a model without gates, and for a bundle that was converted before they were kept.
 */
export function readGates({ dir, manifest }: Bundle<BundleManifest>): Gates | null {
  const name = manifest.kind === 'sign2gpt' ? manifest.language?.gates : undefined
  if (name === undefined) return null
  const path = join(dir, name)
  const parsed = Gates.safeParse(readJson(path))
  if (!parsed.success) throw corrupt(path, 'does not hold the gates of a model', parsed.error)
  return parsed.data
}
