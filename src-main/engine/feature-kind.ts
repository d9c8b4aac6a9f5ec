/**
 * Features that are kept between runs. spatial, motion: SpaMo's two streams; zstar: Sign2GPT's rows of every second
 * frame behind its spatial model (Z* of the paper).
 */
export const FEATURE_KINDS = ['spatial', 'motion', 'zstar'] as const
export type FeatureKind = (typeof FEATURE_KINDS)[number]
