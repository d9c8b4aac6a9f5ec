import type { AnnotationDocument, AnnotationTier } from './annotation-document.ts'

export interface TierOutline extends Omit<AnnotationTier, 'annotations' | 'kind' | 'annotator' | 'language'> {
  /** How many there are. */
  annotations: number
  /** The first text on the tier. */
  sample: string
}

/** What a document holds, without its annotations. */
export interface DocumentOutline extends Omit<AnnotationDocument, 'tiers'> {
  tiers: TierOutline[]
}

export function outlineOfDocument(document: AnnotationDocument): DocumentOutline {
  return { ...document, tiers: document.tiers.map(outlineOfTier) }
}

function outlineOfTier(tier: AnnotationTier): TierOutline {
  const { name, typeName, stereotype, parent, participant, vocabulary, annotations } = tier
  return {
    name,
    typeName,
    stereotype,
    parent,
    participant,
    vocabulary,
    annotations: annotations.length,
    sample: annotations.find(({ value }) => value.trim() !== '')?.value ?? '',
  }
}
