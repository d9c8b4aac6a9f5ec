import type { TierId, TierTypeId } from '#shared/contract/ids.ts'
import type { Stereotype, Tier, TierType } from '#shared/contract/annotation.ts'

/** What the tier dialog is open for. */
export type TierTask =
  | { kind: 'add'; parentId: TierId | null }
  | { kind: 'edit'; tier: Tier }
  | { kind: 'remove'; tier: Tier; annotations: number; tiers: number }

/** What the dialog asks for. A type is an existing one, or a new one with this rule. */
export interface TierForm {
  name: string
  parentId: TierId | null
  type: TierTypeId | Stereotype
  participant: string
  annotator: string
  language: string
}

export function formOf(task: TierTask, annotator: string): TierForm {
  if (task.kind === 'add')
    return {
      name: '',
      parentId: task.parentId,
      type: task.parentId === null ? 'none' : 'symbolic-association',
      participant: '',
      annotator,
      language: '',
    }
  const { name, parentId, typeId, stereotype, participant, annotator: by, language } = task.tier
  return { name, parentId, type: typeId ?? stereotype, participant, annotator: by, language }
}

const TIED = ['included-in', 'time-subdivision', 'symbolic-subdivision', 'symbolic-association'] as const

export type TypeChoice = TierType | { stereotype: Stereotype; id: null }

/** Types that a tier with or without a parent may have; a rule that no type has yet can be chosen as it is. */
export function typeChoices(types: readonly TierType[], hasParent: boolean): TypeChoice[] {
  const rules: readonly Stereotype[] = hasParent ? TIED : ['none']
  return rules.flatMap((stereotype): TypeChoice[] => {
    const known = types.filter(type => type.stereotype === stereotype)
    return known.length > 0 ? known : [{ stereotype, id: null }]
  })
}

/** A tier cannot hang on itself or on what hangs on it. */
export function parentChoices(tiers: readonly Tier[], of: TierId | null): Tier[] {
  const below = new Set<TierId | null>([of])
  for (let size = 0; size !== below.size;) {
    size = below.size
    for (const tier of tiers) if (tier.parentId !== null && below.has(tier.parentId)) below.add(tier.id)
  }
  return tiers.filter(tier => !tier.isSentenceView && (of === null || !below.has(tier.id)))
}
