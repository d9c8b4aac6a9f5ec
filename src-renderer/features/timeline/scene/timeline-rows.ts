import type { Tier, TierLayout } from '#shared/contract/annotation.ts'
import type { VocabularyId } from '#shared/contract/ids.ts'
import type { TranslateText } from '../../../composables/use-text.ts'
import { layOutTiers } from '../tiers/tier-layout.ts'
import { type PlacedRow, placeRows, type Row } from './rows.ts'
import type { Curve } from './use-wave-lane.ts'

const ACCENT_HUE = 2
const AUDIO_HUE = 3

/** Tiers of one type share a colour; where all are of one type, each has its own. */
function huesOf(tiers: readonly Tier[]): Map<string, number> {
  const types = new Set(tiers.map(tier => tier.typeName))
  const keys = types.size > 1 ? [...types] : tiers.map(tier => String(tier.id))
  const palette = [0, 1, 3, 4]
  return new Map(keys.map((key, at) => [key, palette[at % palette.length] ?? 0]))
}

/** The lanes from top to bottom: curves, tiers below their parents, the sentences. */
export function timelineRows(given: {
  curves: readonly Curve[]
  tiers: readonly Tier[]
  layout: TierLayout
  coloursOf: (id: VocabularyId | null) => ReadonlyMap<string, string> | null
  t: TranslateText
}): PlacedRow[] {
  const { curves, layout, t } = given
  const tiers = given.tiers.filter(tier => !tier.isSentenceView)
  const sentences = given.tiers.find(tier => tier.isSentenceView)
  const hues = huesOf(tiers)
  const flat = { depth: 0, fold: 'none', rule: '', colour: null, colours: null } as const
  const curveRows = curves.map(({ kind }): Row => ({
    ...flat,
    kind,
    id: 0,
    name: t(kind === 'motion' ? 'timeline.motion' : 'timeline.audio'),
    hue: kind === 'motion' ? ACCENT_HUE : AUDIO_HUE,
  }))
  const tierRows = layOutTiers(tiers, layout).map(({ tier, depth, hasChildren, isCollapsed }): Row => ({
    kind: 'tier',
    id: tier.id,
    name: tier.name,
    hue: hues.get(tier.typeName) ?? hues.get(String(tier.id)) ?? 0,
    colour: layout.colours[tier.name] ?? null,
    depth,
    fold: hasChildren ? (isCollapsed ? 'closed' : 'open') : 'none',
    rule: t(`timeline.stereotypes.${tier.stereotype}`),
    colours: given.coloursOf(tier.vocabularyId),
  }))
  const sentenceRows = sentences
    ? [
        {
          ...flat,
          kind: 'sentence' as const,
          id: sentences.id,
          name: t('timeline.sentences'),
          hue: ACCENT_HUE,
        },
      ]
    : []
  return placeRows([...curveRows, ...tierRows, ...sentenceRows], layout.height)
}
