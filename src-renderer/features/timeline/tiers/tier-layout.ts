import type { Tier, TierLayout } from '#shared/contract/annotation.ts'

export const DEFAULT_LAYOUT: TierLayout = { height: 'medium', hidden: [], collapsed: [], colours: {} }

export interface LaidOutTier {
  tier: Tier
  depth: number
  hasChildren: boolean
  isCollapsed: boolean
}

/**
 * Tiers from top to bottom: each below its parent, siblings in their order. A hidden or collapsed tier takes its
 * children with it when it is collapsed; children of a hidden one move up to where it was.
 */
export function layOutTiers(tiers: readonly Tier[], layout: TierLayout): LaidOutTier[] {
  const [hidden, collapsed] = [new Set(layout.hidden), new Set(layout.collapsed)]
  const known = new Set(tiers.map(tier => tier.id))
  const children = Map.groupBy(tiers, tier =>
    tier.parentId && known.has(tier.parentId) ? tier.parentId : null,
  )
  const found: LaidOutTier[] = []

  function add(tier: Tier, depth: number): void {
    const own = children.get(tier.id) ?? []
    const isCollapsed = collapsed.has(tier.name) && own.length > 0
    const isHidden = hidden.has(tier.name)
    if (!isHidden) found.push({ tier, depth, hasChildren: own.length > 0, isCollapsed })
    if (isCollapsed && !isHidden) return
    for (const child of own) add(child, isHidden ? depth : depth + 1)
  }

  for (const tier of children.get(null) ?? []) add(tier, 0)
  return found
}

export function toggled(names: readonly string[], name: string): string[] {
  return names.includes(name) ? names.filter(each => each !== name) : [...names, name]
}
