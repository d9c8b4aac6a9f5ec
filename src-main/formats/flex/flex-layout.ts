import type { AnnotationTier, DocumentAnnotation } from '../annotation-document.ts'
import { isWhollyOwned, ownersOn, parentTiers } from '../tier-tree.ts'
import { type FlexItem, type FlexLevel, LEVELS, MORPH_TYPE, NO_LANGUAGE } from './flex-text.ts'

type ItemKind = Pick<FlexItem, 'type' | 'language'>

/** A tier whose annotations are phrases, words or morphemes. */
export interface FlexTier {
  tier: AnnotationTier
  /** What its texts are. */
  base: ItemKind
  /** Tiers of what is said about each of its annotations. */
  items: { tier: AnnotationTier; kind: ItemKind }[]
  /** What its annotations are made of. */
  parts: FlexTier | null
}

/**
 * Which tiers are phrases, in the order of the document, and which belong to them: symbolic subdivisions are words and
 * morphemes, symbolic associations items. What fits nowhere becomes a tier of phrases of its own.
 */
export function layOutFlex(tiers: readonly AnnotationTier[]): FlexTier[] {
  const parents = parentTiers(tiers)
  const tops = new Set(tiers.filter(tier => !parents.has(tier)))
  const children = Map.groupBy(
    tiers.filter(tier => parents.has(tier)),
    tier => parents.get(tier)!,
  )

  function layOut(tier: AnnotationTier, depth: number): FlexTier {
    const level = LEVELS[depth]!
    const laidOut: FlexTier = { tier, base: baseKind(tier, level), items: [], parts: null }
    const kinds = new Kinds(laidOut.base, tier)
    for (const child of children.get(tier) ?? []) {
      const isOwned = isWhollyOwned(child, tier)
      if (isOwned && child.stereotype === 'symbolic-association' && isOneToOne(child, tier))
        laidOut.items.push({ tier: child, kind: kinds.give(child, level) })
      else if (isOwned && child.stereotype === 'symbolic-subdivision' && !laidOut.parts && LEVELS[depth + 1])
        laidOut.parts = layOut(child, depth + 1)
      else tops.add(child)
    }
    // Items have nothing below them.
    for (const { tier: item } of laidOut.items) for (const child of children.get(item) ?? []) tops.add(child)
    return laidOut
  }

  const laidOut = new Map<AnnotationTier, FlexTier>()
  for (const tier of tops) laidOut.set(tier, layOut(tier, 0))
  return tiers.flatMap(tier => laidOut.get(tier) ?? [])
}

function isOneToOne(tier: AnnotationTier, parent: AnnotationTier): boolean {
  return new Set(ownersOn(parent, tier).values()).size === tier.annotations.length
}

/** `word-gls-en@S1`, and as ELAN names them `S1_word-gls-en`. */
const OWN_NAME = /^(phrase|word|morph)-([^-@\s]+)(?:-([^@\s]+))?(?: \((\d+)\))?@/
const ELAN_NAME = /_(phrase|word|morph)-([^-@\s]+)(?:-([^@\s]+))?()$/

function told(tier: AnnotationTier, level: FlexLevel) {
  const [, where, type, language, copy] = OWN_NAME.exec(tier.name) ?? ELAN_NAME.exec(tier.name) ?? []
  return where === level && type ? { type, language: language ?? '', copy: Number(copy || 1) } : null
}

function languageOf({ language }: AnnotationTier, named: string | undefined): string {
  return [language, named ?? ''].find(code => /^[A-Za-z0-9-]+$/.test(code)) ?? NO_LANGUAGE
}

function baseKind(tier: AnnotationTier, level: FlexLevel): ItemKind {
  const own = told(tier, level)
  const ofType = new RegExp(`^${level}-([a-z]+)$`).exec(tier.typeName)?.[1]
  const type = own?.type ?? ofType ?? 'txt'
  return { type: type === MORPH_TYPE ? 'txt' : type, language: languageOf(tier, own?.language) }
}

const GUESSES: readonly [RegExp, string][] = [
  [/\b(pos|part.of.speech|wortart)\b|词性/i, 'pos'],
  [/gl(o)?s|transl|übersetz|free|释义|翻译/i, 'gls'],
]

/** The kinds of the items of one level: no two tiers are of one, or nobody could tell their items apart. */
class Kinds {
  readonly #taken = new Map<string, ReadonlySet<DocumentAnnotation>>()
  readonly #parent: AnnotationTier

  constructor(base: ItemKind, parent: AnnotationTier) {
    this.#parent = parent
    this.#taken.set(keyOf(base), new Set())
  }

  give(tier: AnnotationTier, level: FlexLevel): ItemKind {
    const owners = new Set(ownersOn(this.#parent, tier).values())
    const own = told(tier, level)
    const isMorphType = level === 'morph' && own?.type === MORPH_TYPE && own.language === ''
    const language = isMorphType ? '' : languageOf(tier, own?.language)
    const guess = GUESSES.find(([pattern]) => pattern.test(tier.name))?.[1] ?? 'note'
    const wanted = { type: own?.type ?? guess, language }
    const before = this.#taken.get(keyOf(wanted))
    // A second note is told from the first by its place only: where there is no first, there can be no second.
    const isCopy = own !== null && own.copy > 1 && before !== undefined && owners.isSubsetOf(before)
    let kind = wanted
    if (!isCopy)
      for (let n = 2; this.#taken.has(keyOf(kind)); n++) kind = { type: `${wanted.type}${n}`, language }
    this.#taken.set(keyOf(kind), owners)
    return kind
  }
}

function keyOf({ type, language }: ItemKind): string {
  return JSON.stringify([type, language])
}
