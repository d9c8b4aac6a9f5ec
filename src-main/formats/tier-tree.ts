import type { AnnotationTier, DocumentAnnotation } from './annotation-document.ts'

/** Parents that are there; one link of a circle is cut. Of tiers with one name, the first is meant. */
export function parentTiers(tiers: readonly AnnotationTier[]): Map<AnnotationTier, AnnotationTier> {
  const parents = new Map<AnnotationTier, AnnotationTier>()
  const byName = new Map(tiers.toReversed().map(tier => [tier.name, tier]))
  for (const tier of tiers) {
    const parent = tier.parent === null ? undefined : byName.get(tier.parent)
    let at = parent
    while (at && at !== tier) at = parents.get(at)
    if (parent && at !== tier) parents.set(tier, parent)
  }
  return parents
}

/** What each annotation of a tier hangs on, on the parent tier; those that hang on nothing there are left out. */
export function ownersOn(
  parent: AnnotationTier | undefined,
  tier: AnnotationTier,
): Map<DocumentAnnotation, DocumentAnnotation> {
  const byId = new Map(parent?.annotations.toReversed().map(annotation => [annotation.id, annotation]))
  const owners = new Map<DocumentAnnotation, DocumentAnnotation>()
  for (const annotation of tier.annotations) {
    const owner = annotation.parentId === null ? undefined : byId.get(annotation.parentId)
    if (owner) owners.set(annotation, owner)
  }
  return owners
}

/**
 * The tiers that a format of lines and items can write as what belongs to the lines of another tier: symbolic, and
 * with an owner for every annotation.
 */
export function isWhollyOwned(tier: AnnotationTier, parent: AnnotationTier): boolean {
  return (
    tier.stereotype.startsWith('symbolic') &&
    tier.annotations.length > 0 &&
    ownersOn(parent, tier).size === tier.annotations.length
  )
}
