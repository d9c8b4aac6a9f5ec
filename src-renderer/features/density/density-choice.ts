import { type DensityInput, FEATURE_STREAMS, type FeatureStream } from '#shared/contract/density.ts'
import { ModelId } from '#shared/contract/ids.ts'
import type { ModelInfo } from '#shared/contract/model.ts'
import { LOCALISATION_THRESHOLD } from '#shared/domain/localised-segments.ts'

/** What the form holds; texts of selects are '' for none. */
export interface DensityChoice {
  modelId: string
  stream: FeatureStream
  /** A tier, or the model that finds the glosses. */
  source: 'tier' | 'localised'
  tier: string
  localiser: string
  threshold: number
  split: string
  instances: DensityInput['instances']
  least: number
}

export const FIRST_CHOICE: DensityChoice = {
  modelId: '',
  stream: 'spatial',
  source: 'tier',
  tier: '',
  localiser: '',
  threshold: LOCALISATION_THRESHOLD,
  split: '',
  instances: 'centre',
  least: 2,
}

export const MOST_INSTANCES = 200

const STREAMS: Record<string, readonly FeatureStream[]> = {
  spamo: ['spatial', 'motion'],
  sign2gpt: ['zstar'],
}

/** The features that a model of this kind computes. */
export function streamsOf(model: ModelInfo | undefined): readonly FeatureStream[] {
  return model ? (STREAMS[model.kind] ?? FEATURE_STREAMS) : []
}

/** The choice as far as it is there: what has been removed since makes way for the first that there is. */
export function presentChoice(
  choice: DensityChoice,
  { models, tiers }: { models: readonly ModelInfo[]; tiers: readonly string[] },
): DensityChoice {
  const model = models.find(({ id }) => id === choice.modelId) ?? models[0]
  const streams = streamsOf(model)
  const able = models.filter(({ abilities }) => abilities.includes('localise'))
  return {
    ...choice,
    modelId: model?.id ?? '',
    stream: streams.includes(choice.stream) ? choice.stream : (streams[0] ?? choice.stream),
    tier: tiers.includes(choice.tier) ? choice.tier : (tiers[0] ?? ''),
    localiser: able.some(({ id }) => id === choice.localiser) ? choice.localiser : (able[0]?.id ?? ''),
  }
}

/** Null while something is missing or out of range. */
export function requestOf(choice: DensityChoice): DensityInput | null {
  const { modelId, stream, source, tier, localiser, threshold, split, instances, least } = choice
  const isOdd = !Number.isInteger(least) || least < 2 || least > 1000 || !(threshold >= 0 && threshold <= 1)
  if (modelId === '' || isOdd || (source === 'tier' ? tier : localiser) === '') return null
  return {
    selection: split === '' ? { kind: 'all' } : { kind: 'split', split },
    modelId: ModelId.parse(modelId),
    stream,
    glosses:
      source === 'tier'
        ? { kind: 'tier', tier }
        : { kind: 'localised', modelId: ModelId.parse(localiser), measure: 'E', threshold },
    instances,
    least,
    most: Math.max(MOST_INSTANCES, least),
  }
}
