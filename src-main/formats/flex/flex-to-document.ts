import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
  uniqueName,
} from '../annotation-document.ts'
import { loss, onlyReal } from '../annotation-losses.ts'
import { shareOf, type Span, spreadTimes } from '../spread-times.ts'
import {
  type FlexItem,
  type FlexLevel,
  type FlexNode,
  type FlexText,
  LEVELS,
  MORPH_TYPE,
  NO_LANGUAGE,
  type ReadFlex,
} from './flex-text.ts'

export interface PlacedFlex {
  document: AnnotationDocument
  /** The annotation of each phrase, word and morpheme, and of each further item of theirs. */
  annotations: Map<FlexNode | FlexItem, DocumentAnnotation>
  /** Ids that were there twice. */
  repeatedIds: number
}

/** Phrases without a speaker. */
export const NOBODY = 'phrases'

/**
 * A tier of phrases for each speaker; its words below it as a symbolic subdivision, their morphemes below them; and a
 * tier of symbolic associations for each further kind of item. The first item of a phrase, word or morpheme is its text.
 */
export function flexToDocument(flex: FlexText): PlacedFlex {
  const annotations: PlacedFlex['annotations'] = new Map()
  const spans = spreadTimes(flex.phrases.map(({ span }) => span))
  const ids = new Ids()
  const names = new Set<string>()
  const places = flex.phrases.map((phrase, at) => ({
    phrase,
    span: spans[at]!,
    isAligned: phrase.span !== null,
  }))
  const tiers = [...Map.groupBy(places, ({ phrase }) => phrase.speaker)].flatMap(([speaker, own]) => {
    const lane = new Lane(uniqueName(speaker || NOBODY, names), speaker, annotations, ids)
    lane.add(
      own.map(({ phrase, span, isAligned }) => ({ node: phrase, span, isAligned, parentId: null })),
      0,
      null,
    )
    return lane.tiers
  })
  for (const tier of tiers) tier.annotations = inTimeOrder(tier.annotations)
  return {
    document: {
      ...emptyDocument(),
      media: flex.media.map(({ location }) => ({
        url: location,
        relativeUrl: '',
        mimeType: mimeTypeOf(location),
        timeOriginMs: 0,
        extractedFrom: '',
      })),
      languages: flex.languages
        .filter(({ code }) => code !== NO_LANGUAGE)
        .map(({ code }) => ({ id: code, definition: '', label: '' })),
      properties: flex.items.map(({ type, language, text }) => ({
        name: `${type} (${language})`,
        value: text,
      })),
      tiers,
    },
    annotations,
    repeatedIds: ids.repeated,
  }
}

/** With what the reader could not take over. */
export function readFlexDocument(flex: ReadFlex): AnnotationDocument {
  const { document, repeatedIds } = flexToDocument(flex)
  const { left, phrases, media } = flex
  const otherMedia = phrases.filter(
    ({ mediaFile }) => mediaFile !== '' && media.length > 1 && mediaFile !== media[0]?.guid,
  ).length
  const extras = [
    loss(
      'flex-texts',
      left.texts,
      'further text is joined with the first',
      'further texts are joined with the first',
    ),
    loss(
      'flex-paragraphs',
      left.paragraphs,
      'border between paragraphs is left out',
      'borders between paragraphs are left out',
    ),
    loss(
      'flex-ids',
      left.guids + repeatedIds,
      'id of a text, paragraph or word form is left out',
      'ids of texts, paragraphs or word forms are left out',
    ),
    loss(
      'flex-attributes',
      left.attributes,
      'attribute (font, state of analysis …) is left out',
      'attributes (fonts, states of analysis …) are left out',
    ),
    loss('flex-elements', left.elements, 'unknown part is left out', 'unknown parts are left out'),
    loss(
      'flex-media',
      otherMedia,
      'phrase loses the link to its own medium',
      'phrases lose the links to their own media',
    ),
  ]
  return { ...document, extras: onlyReal(extras) }
}

interface PlacedNode {
  node: FlexNode
  span: Span
  isAligned: boolean
  parentId: string | null
}

class Ids {
  repeated = 0
  readonly #taken = new Set<string>()
  #made = 0

  /** The one of the file, if nothing else has it. */
  give(guid: string): string {
    if (guid !== '' && !this.#taken.has(guid)) {
      this.#taken.add(guid)
      return guid
    }
    if (guid !== '') this.repeated += 1
    this.#made += 1
    return `n${this.#made}`
  }
}

/** The tiers of one speaker. */
class Lane {
  readonly tiers: AnnotationTier[] = []
  readonly #top: string
  readonly #speaker: string
  readonly #annotations: PlacedFlex['annotations']
  readonly #ids: Ids

  constructor(top: string, speaker: string, annotations: PlacedFlex['annotations'], ids: Ids) {
    this.#top = top
    this.#speaker = speaker
    this.#annotations = annotations
    this.#ids = ids
  }

  /** A level with its items, and what is below it. */
  add(nodes: readonly PlacedNode[], depth: number, parent: AnnotationTier | null): void {
    const level = LEVELS[depth]
    if (!level || nodes.length === 0) return
    const base = baseOf(nodes.map(({ node }) => node))
    const name = parent === null ? this.#top : `${labelOf(level, base.type, base.language)}@${this.#top}`
    const tier = this.#tier(level, base, {
      name,
      parent,
      stereotype: parent ? 'symbolic-subdivision' : 'none',
    })
    const further = new Map<string, AnnotationTier>()
    const below: PlacedNode[] = []
    this.tiers.push(tier)
    for (const { node, span, isAligned, parentId } of nodes) {
      const own = ownItem(node, base)
      const id = this.#ids.give(node.guid)
      const annotation = { ...plainAnnotation({ id, ...span, value: own?.text ?? '' }), isAligned, parentId }
      tier.annotations.push(annotation)
      this.#annotations.set(node, annotation)
      const rest = node.items.filter(item => item !== own)
      this.#addItems(rest, { annotation, level, tier, further })
      for (const [part, child] of node.children.entries())
        below.push({
          node: child,
          span: shareOf(span, part, node.children.length),
          isAligned: false,
          parentId: id,
        })
    }
    this.tiers.push(...further.values())
    this.add(below, depth + 1, tier)
  }

  #addItems(
    items: readonly FlexItem[],
    {
      annotation,
      level,
      tier,
      further,
    }: {
      annotation: DocumentAnnotation
      level: FlexLevel
      tier: AnnotationTier
      further: Map<string, AnnotationTier>
    },
  ): void {
    const counts = new Map<string, number>()
    for (const item of items) {
      const label = labelOf(level, item.type, item.language)
      const count = (counts.get(label) ?? 0) + 1
      counts.set(label, count)
      const name = `${label}${count > 1 ? ` (${count})` : ''}@${this.#top}`
      let home = further.get(name)
      if (!home) {
        home = this.#tier(level, item, { name, parent: tier, stereotype: 'symbolic-association' })
        further.set(name, home)
      }
      const { id, startMs, endMs } = annotation
      const own = {
        ...plainAnnotation({ id: this.#ids.give(''), startMs, endMs, value: item.text }),
        isAligned: false,
        parentId: id,
      }
      home.annotations.push(own)
      this.#annotations.set(item, own)
    }
  }

  #tier(
    level: FlexLevel,
    { type, language }: Pick<FlexItem, 'type' | 'language'>,
    facts: { name: string; parent: AnnotationTier | null; stereotype: AnnotationTier['stereotype'] },
  ): AnnotationTier {
    return {
      ...plainTier(facts.name),
      stereotype: facts.stereotype,
      parent: facts.parent?.name ?? null,
      typeName: `${level}-${type}`,
      participant: this.#speaker,
      language: language === NO_LANGUAGE ? '' : language,
    }
  }
}

/** `word-gls-en`: what an item is, and in which language. */
function labelOf(level: FlexLevel, type: string, language: string): string {
  return `${level}-${type}${language === '' || language === NO_LANGUAGE ? '' : `-${language}`}`
}

/** Punctuation stands among the words, and is told from them by its type. */
export const PUNCTUATION = 'punct'

function firstItem({ items }: FlexNode): FlexItem | undefined {
  return items.find(({ type }) => type !== MORPH_TYPE)
}

/** What the texts of a level are: the first item of the first node that has one. */
function baseOf(nodes: readonly FlexNode[]): Pick<FlexItem, 'type' | 'language'> {
  const firsts = nodes.map(firstItem).filter(item => item !== undefined)
  const base = firsts.find(({ type }) => type !== PUNCTUATION)
  return base ?? { type: 'txt', language: firsts[0]?.language ?? NO_LANGUAGE }
}

function ownItem({ items }: FlexNode, base: Pick<FlexItem, 'type' | 'language'>): FlexItem | undefined {
  const own = items.find(({ type, language }) => type === base.type && language === base.language)
  return own ?? (base.type === 'txt' ? items.find(({ type }) => type === PUNCTUATION) : undefined)
}

const SOUNDS: Record<string, string> = { wav: 'audio/x-wav', mp3: 'audio/mpeg', flac: 'audio/flac' }

function mimeTypeOf(location: string): string {
  const ending = /\.([A-Za-z0-9]+)$/.exec(location)?.[1]?.toLowerCase() ?? ''
  return SOUNDS[ending] ?? (ending === 'mp4' ? 'video/mp4' : 'video/*')
}
