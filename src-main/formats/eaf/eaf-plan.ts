import type { Stereotype } from '#shared/contract/annotation.ts'
import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  inTimeOrder,
  uniqueName,
} from '../annotation-document.ts'
import { loss, type Loss } from '../annotation-losses.ts'
import { NC_NAME } from './eaf-schema.ts'
import { parentTiers } from '../tier-tree.ts'
import { enclosing } from './eaf-times.ts'

export interface PlannedTier {
  tier: AnnotationTier
  name: string
  parent: string | null
  typeName: string
  stereotype: Stereotype
  isSymbolic: boolean
  annotations: {
    annotation: DocumentAnnotation
    id: string
    parentId: string | null
    previousId: string | null
  }[]
}

interface Home {
  id: string
  tier: AnnotationTier
  annotation: DocumentAnnotation
}

/** Names, ids, types and references as EAF allows them. */
export function planTiers(document: AnnotationDocument): { tiers: PlannedTier[]; losses: Loss[] } {
  const { homes, renamed } = giveIds(document)
  const names = giveNames(document.tiers)
  const parents = parentTiers(document.tiers)
  const types = new TypeNames()
  const stereotypes = fittingStereotypes(document, parents, homes.byOldId)
  let [changed, unlinked, moved, measured] = [0, 0, 0, 0]
  const tiers = document.tiers.map((tier): PlannedTier => {
    const stereotype = stereotypes.get(tier)!
    const parent = parents.get(tier)
    if (stereotype !== tier.stereotype || (tier.parent !== null && !parent)) changed += 1
    const isSymbolic = stereotype.startsWith('symbolic')
    const linked = linkAnnotations(tier, isSymbolic, stereotype, homes)
    unlinked += countUnlinked(tier, parent, stereotype, homes.byOldId)
    moved += linked.moved
    if (!isSymbolic) measured += tier.annotations.filter(({ isAligned }) => !isAligned).length
    const typeName = types.nameFor(tier.typeName, stereotype, tier.vocabulary)
    return {
      tier,
      name: names.get(tier)!,
      parent: parent ? names.get(parent)! : null,
      typeName,
      stereotype,
      isSymbolic,
      annotations: linked.annotations,
    }
  })
  return { tiers, losses: planLosses(tiers, { renamed, changed, unlinked, moved, measured }) }
}

interface Counts {
  renamed: number
  changed: number
  unlinked: number
  moved: number
  measured: number
}

function planLosses(tiers: PlannedTier[], { renamed, changed, unlinked, moved, measured }: Counts): Loss[] {
  return [
    loss(
      'tier-renamed',
      tiers.filter(({ tier, name }) => tier.name && name !== tier.name).length,
      'tier gets another name: its own is taken',
      'tiers get other names: theirs are taken',
    ),
    loss(
      'type-renamed',
      tiers.filter(({ tier, typeName }) => tier.typeName && typeName !== tier.typeName).length,
      'tier gets a type of another name: tiers of one type must have one stereotype and vocabulary',
      'tiers get types of other names: tiers of one type must have one stereotype and vocabulary',
    ),
    loss(
      'stereotype-changed',
      changed,
      'tier gets another stereotype or parent: its annotations do not fit its own',
      'tiers get other stereotypes or parents: their annotations do not fit their own',
    ),
    loss('id-renamed', renamed, 'annotation gets a new id', 'annotations get new ids'),
    loss(
      'parent-links',
      unlinked,
      'annotation loses the link to its parent annotation, which does not lie around it',
      'annotations lose the links to their parent annotations, which do not lie around them',
    ),
    loss(
      'unaligned',
      measured,
      'annotation without times of its own gets the time worked out from its neighbours, as if it had been measured',
      'annotations without times of their own get times worked out from their neighbours, as if they had been measured',
    ),
    loss(
      'symbolic-times',
      moved,
      'annotation takes its times from its parent and so loses its own',
      'annotations take their times from their parents and so lose their own',
    ),
  ]
}

interface Homes {
  byOldId: Map<string, Home>
  ids: Map<DocumentAnnotation, string>
}

function giveIds({ tiers }: AnnotationDocument): { homes: Homes; renamed: number } {
  const homes: Homes = { byOldId: new Map(), ids: new Map() }
  const all = tiers.flatMap(tier => tier.annotations.map(annotation => ({ tier, annotation })))
  const wanted = new Set(all.map(({ annotation }) => annotation.id))
  const taken = new Set<string>()
  let next = 0
  let renamed = 0
  const fresh = () => {
    do next += 1
    while (wanted.has(`a${next}`))
    return `a${next}`
  }
  for (const { tier, annotation } of all) {
    const isGood = NC_NAME.test(annotation.id) && !taken.has(annotation.id)
    const id = isGood ? annotation.id : fresh()
    if (!isGood && annotation.id) renamed += 1
    taken.add(id)
    homes.ids.set(annotation, id)
    if (annotation.id && !homes.byOldId.has(annotation.id))
      homes.byOldId.set(annotation.id, { id, tier, annotation })
  }
  return { homes, renamed }
}

function giveNames(tiers: AnnotationTier[]): Map<AnnotationTier, string> {
  const taken = new Set<string>()
  return new Map(tiers.map(tier => [tier, uniqueName(tier.name || 'default', taken)]))
}

function fittingStereotypes(
  document: AnnotationDocument,
  parents: Map<AnnotationTier, AnnotationTier>,
  byOldId: Map<string, Home>,
) {
  return new Map(
    document.tiers.map(
      tier => [tier, fitting(tier, parents.get(tier), byOldId)] satisfies [AnnotationTier, Stereotype],
    ),
  )
}

function fitting(
  tier: AnnotationTier,
  parent: AnnotationTier | undefined,
  byOldId: Map<string, Home>,
): Stereotype {
  if (!parent) return 'none'
  if (tier.stereotype === 'none') return 'included-in'
  if (!tier.stereotype.startsWith('symbolic')) return tier.stereotype
  const owners = tier.annotations.map(({ parentId }) =>
    parentId === null ? undefined : byOldId.get(parentId),
  )
  if (owners.some(owner => owner?.tier !== parent)) return 'included-in'
  const isOneToOne = new Set(owners).size === owners.length
  return tier.stereotype === 'symbolic-association' && !isOneToOne ? 'symbolic-subdivision' : tier.stereotype
}

function linkAnnotations(
  { annotations }: AnnotationTier,
  isSymbolic: boolean,
  stereotype: Stereotype,
  { byOldId, ids }: Homes,
) {
  if (!isSymbolic)
    return {
      annotations: annotations.map(annotation => ({
        annotation,
        id: ids.get(annotation)!,
        parentId: null,
        previousId: null,
      })),
      moved: 0,
    }
  const families = new Map<Home, DocumentAnnotation[]>()
  for (const annotation of annotations) {
    const owner = byOldId.get(annotation.parentId!)!
    const family = families.get(owner)
    if (family) family.push(annotation)
    else families.set(owner, [annotation])
  }
  let moved = 0
  const previous = new Map<DocumentAnnotation, DocumentAnnotation>()
  for (const [{ annotation: parent }, family] of families) {
    const share = (part: number) =>
      parent.startMs + Math.round(((parent.endMs - parent.startMs) * part) / family.length)
    family.forEach((annotation, i) => {
      if (i > 0 && stereotype === 'symbolic-subdivision') previous.set(annotation, family[i - 1]!)
      const { startMs, endMs, isAligned } = annotation
      if (isAligned || startMs !== share(i) || endMs !== share(i + 1)) moved += 1
    })
  }
  const linked = annotations.map(annotation => {
    const before = previous.get(annotation)
    return {
      annotation,
      id: ids.get(annotation)!,
      parentId: byOldId.get(annotation.parentId!)!.id,
      previousId: before ? ids.get(before)! : null,
    }
  })
  return { annotations: linked, moved }
}

/** On aligned tiers the link is only that the one lies inside the other, and in no other one that begins later. */
function countUnlinked(
  { annotations }: AnnotationTier,
  parent: AnnotationTier | undefined,
  stereotype: Stereotype,
  byOldId: Map<string, Home>,
): number {
  if (stereotype.startsWith('symbolic')) return 0
  const rooms = inTimeOrder(parent?.annotations ?? [])
  return annotations.filter(({ parentId, startMs, endMs }) => {
    if (parentId === null) return false
    const owner = byOldId.get(parentId)?.annotation
    return !owner || enclosing(rooms, startMs, endMs) !== owner
  }).length
}

/** One name, one stereotype, one vocabulary. */
class TypeNames {
  readonly #known = new Map<string, string>()

  nameFor(wanted: string, stereotype: Stereotype, vocabulary: string): string {
    const base = wanted || (stereotype === 'none' ? 'default-lt' : stereotype)
    const facts = `${stereotype}\n${vocabulary}`
    let name = base
    for (let n = 2; this.#known.has(name) && this.#known.get(name) !== facts; n++) name = `${base} (${n})`
    this.#known.set(name, facts)
    return name
  }
}
