import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  uniqueName,
} from '../annotation-document.ts'
import { loss, type Loss, onlyReal } from '../annotation-losses.ts'
import { type KeptParts, lossesAgainst } from '../kept-parts.ts'
import { sha256 } from '../sha256.ts'
import { forwardSpan } from '../spread-times.ts'
import { ownersOn } from '../tier-tree.ts'
import { isXmlText, soundXmlText } from '../xml/xml-write.ts'
import { type FlexTier, layOutFlex } from './flex-layout.ts'
import { type FlexItem, type FlexMedia, type FlexNode, type FlexPhrase, type FlexText } from './flex-text.ts'
import { flexToDocument, NOBODY, PUNCTUATION } from './flex-to-document.ts'
import { writeFlex } from './flex-writer.ts'

export interface FlexPlan {
  losses: Loss[]
  write: () => Uint8Array
}

interface Planning {
  sources: Map<FlexNode | FlexItem, { tier: AnnotationTier; annotation: DocumentAnnotation }>
  guids: Set<string>
  /** All writing systems, and those that texts are in. */
  languages: Set<string>
  vernacular: Set<string>
  /** Texts with characters that XML cannot hold. */
  characters: number
}

/** One text of phrases, each with the tier that it comes from as its speaker. */
export function planFlex(document: AnnotationDocument): FlexPlan {
  const planning: Planning = {
    sources: new Map(),
    guids: new Set(),
    languages: new Set(),
    vernacular: new Set(),
    characters: 0,
  }
  const media = document.media.map(mediumOf)
  const flex: FlexText = {
    items: document.properties.flatMap(propertyItem),
    phrases: phrasesOf(document.tiers, planning, media[0]?.guid ?? ''),
    languages: [],
    media,
  }
  const known = document.languages.map(({ id }) => id).filter(id => /^[A-Za-z0-9-]+$/.test(id))
  flex.languages = [...new Set([...known, ...planning.languages])].map(code => ({
    code,
    isVernacular: planning.vernacular.has(code),
  }))
  const losses = [
    ...lossesAgainst(document, keptIn(flex, planning)),
    loss(
      'characters',
      planning.characters,
      'text has characters that the file cannot hold; they become �',
      'texts have characters that the file cannot hold; they become �',
    ),
  ]
  return { losses: onlyReal(losses), write: () => writeFlex(flex) }
}

function keptIn(flex: FlexText, { sources }: Planning): KeptParts {
  const { document, annotations } = flexToDocument(flex)
  const homes = new Map(document.tiers.flatMap(tier => tier.annotations.map(one => [one, tier] as const)))
  const kept = { document, tiers: new Map<AnnotationTier, AnnotationTier>(), annotations: new Map() }
  for (const [written, { tier, annotation }] of sources) {
    const after = annotations.get(written)!
    kept.annotations.set(annotation, after)
    kept.tiers.set(tier, homes.get(after)!)
  }
  return kept
}

function phrasesOf(tiers: readonly AnnotationTier[], planning: Planning, mediaFile: string): FlexPhrase[] {
  const filled = tiers.filter(({ annotations }) => annotations.length > 0)
  const names = new Set<string>()
  const phrases = layOutFlex(filled).flatMap(laidOut => {
    const { tier } = laidOut
    const isNobody = tier.name === NOBODY && tier.participant === ''
    const name = uniqueName(soundXmlText(tier.name) || soundXmlText(tier.participant) || 'A', names)
    return nodesOf(laidOut, planning).map(({ annotation, node }) => {
      const phrase: FlexPhrase = {
        ...node,
        speaker: isNobody && name === NOBODY ? '' : name,
        span: forwardSpan(annotation),
        mediaFile,
      }
      planning.sources.delete(node)
      planning.sources.set(phrase, { tier, annotation })
      return phrase
    })
  })
  return phrases.sort((a, b) => a.span!.startMs - b.span!.startMs || a.span!.endMs - b.span!.endMs)
}

/** The annotations of a tier with everything that belongs to them, in the order of the tier. */
function nodesOf(
  { tier, base, items, parts }: FlexTier,
  planning: Planning,
): { annotation: DocumentAnnotation; node: FlexNode }[] {
  const nodes = new Map<DocumentAnnotation, FlexNode>()
  for (const annotation of tier.annotations) {
    const text = soundText(annotation.value, planning)
    const type = base.type === 'txt' && /^[\p{P}\p{S}]+$/u.test(text) ? PUNCTUATION : base.type
    const own = { type, language: base.language, text }
    const node: FlexNode = { guid: guidOf(annotation, planning), items: [own], children: [] }
    nodes.set(annotation, node)
    planning.sources.set(node, { tier, annotation })
  }
  planning.languages.add(base.language)
  if (base.type === 'txt') planning.vernacular.add(base.language)
  for (const { tier: itemTier, kind } of items) {
    if (kind.language !== '') planning.languages.add(kind.language)
    for (const [annotation, owner] of ownersOn(tier, itemTier)) {
      const item: FlexItem = { ...kind, text: soundText(annotation.value, planning) }
      nodes.get(owner)!.items.push(item)
      planning.sources.set(item, { tier: itemTier, annotation })
    }
  }
  if (parts) {
    const owners = ownersOn(tier, parts.tier)
    for (const { annotation, node } of nodesOf(parts, planning))
      nodes.get(owners.get(annotation)!)!.children.push(node)
  }
  return [...nodes].map(([annotation, node]) => ({ annotation, node }))
}

function soundText(value: string, planning: Planning): string {
  if (!isXmlText(value)) planning.characters += 1
  return soundXmlText(value)
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function guidOf({ id }: DocumentAnnotation, { guids }: Planning): string {
  if (!GUID.test(id) || guids.has(id)) return ''
  guids.add(id)
  return id
}

/** `title (en)`: how the reader names what a text says of itself. */
const TEXT_ITEM = /^([a-z][a-z-]*) \(([A-Za-z0-9-]+)\)$/

function propertyItem({ name, value }: AnnotationDocument['properties'][number]): FlexItem[] {
  const [, type, language] = TEXT_ITEM.exec(name) ?? []
  return type !== undefined && language !== undefined && isXmlText(value)
    ? [{ type, language, text: value }]
    : []
}

/** With an id made of its address, so that the same document is written the same way again (RFC 9562, version 8). */
function mediumOf({ url, relativeUrl }: AnnotationDocument['media'][number]): FlexMedia {
  const location = soundXmlText(url || relativeUrl)
  const hex = sha256(Buffer.from(location))
  const guid = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ]
  return { guid: guid.join('-'), location }
}
