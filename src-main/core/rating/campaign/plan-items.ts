import type { ClipId, HypothesisId } from '#shared/contract/ids.ts'
import { PROTOCOLS, type RatingProtocol } from '#shared/domain/rating-protocols.ts'
import { seededRandom, type SeededRandom } from '#shared/domain/seeded-random.ts'
import { damaged, type Damage } from './damage.ts'

export interface ClipToJudge {
  clipId: ClipId
  outputs: readonly { hypothesisId: HypothesisId; text: string }[]
}

export interface PlannedOutput {
  hypothesisId: HypothesisId
  text: string
  damage: Damage | null
}

/** One screen of work, in the order in which raters get them. */
export interface PlannedItem {
  clipId: ClipId
  kind: 'judge' | 'repeat' | 'check'
  /** The place of the screen that a repeat or a check was made from. */
  origin: number | null
  outputs: PlannedOutput[]
}

export interface ItemOptions {
  protocol: RatingProtocol
  isSideBySide: boolean
  repeatShare: number
  checkShare: number
  seed: number
}

/** So many screens lie between one and its repeat, where the campaign is long enough: nobody should remember. */
const GAP = 20

type Draft = Omit<PlannedItem, 'origin'> & { key: number; base: number | null }

/**
 * All screens of a campaign. Their order, the order of outputs on each, and which of them come again or are made
 * worse follow from the seed alone.
 */
export function planItems(clips: readonly ClipToJudge[], options: ItemOptions): PlannedItem[] {
  const random = seededRandom(options.seed)
  const screens = random.shuffled(clips.flatMap(clip => screensOf(clip, options)))
  const drafts: Draft[] = screens.map(({ clipId, outputs }, at) => ({
    clipId,
    kind: 'judge',
    outputs: random.shuffled(outputs).map(output => ({ ...output, damage: null })),
    key: at,
    base: null,
  }))
  const all = [...drafts, ...repeatsOf(drafts, options, random), ...checksOf(drafts, options, random)]
  all.sort((a, b) => a.key - b.key)
  const placeOf = new Map(all.map((draft, place) => [draft, place]))
  return all.map(({ clipId, kind, outputs, base }) => ({
    clipId,
    kind,
    outputs,
    origin: base === null ? null : placeOf.get(drafts[base]!)!,
  }))
}

function screensOf({ clipId, outputs }: ClipToJudge, { protocol, isSideBySide }: ItemOptions): ClipToJudge[] {
  const shown = PROTOCOLS[protocol].outputs
  if (shown === 'two')
    return outputs.flatMap((first, at) =>
      outputs.slice(at + 1).map(second => ({ clipId, outputs: [first, second] })),
    )
  if (shown === 'all' || isSideBySide) return [{ clipId, outputs }]
  return outputs.map(output => ({ clipId, outputs: [output] }))
}

function repeatsOf(drafts: readonly Draft[], { repeatShare }: ItemOptions, random: SeededRandom): Draft[] {
  const gap = Math.min(GAP, Math.floor(drafts.length / 3))
  const wanted = Math.round(drafts.length * repeatShare)
  const candidates = random.shuffled(drafts.map((_, at) => at).filter(at => at + gap < drafts.length))
  return candidates.slice(0, wanted).map(base => ({
    clipId: drafts[base]!.clipId,
    kind: 'repeat',
    outputs: random.shuffled(drafts[base]!.outputs),
    key: base + gap + random.below(drafts.length - base - gap) + 0.5,
    base,
  }))
}

function checksOf(drafts: readonly Draft[], { checkShare }: ItemOptions, random: SeededRandom): Draft[] {
  const gap = Math.min(GAP, Math.floor(drafts.length / 3))
  const wanted = Math.round(drafts.length * checkShare)
  const texts = drafts.map(({ outputs }) => outputs.map(({ text }) => text))
  const checks: Draft[] = []
  for (const base of random.shuffled(drafts.map((_, at) => at))) {
    if (checks.length === wanted) break
    const { clipId, outputs } = drafts[base]!
    const slot = random.below(outputs.length)
    const others = drafts.flatMap((other, at) => (other.clipId === clipId ? [] : texts[at]!))
    const worse = damaged(outputs[slot]!.text, others, random)
    const places = drafts.map((_, at) => at).filter(at => Math.abs(at - base) >= gap)
    if (!worse || places.length === 0) continue
    const shown = outputs.map((output, at) => (at === slot ? { ...output, ...worse } : output))
    const key = places[random.below(places.length)]! + 0.25
    checks.push({ clipId, kind: 'check', outputs: random.shuffled(shown), key, base })
  }
  return checks
}
