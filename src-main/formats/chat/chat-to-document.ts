import {
  type AnnotationDocument,
  type AnnotationTier,
  type DocumentAnnotation,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
} from '../annotation-document.ts'
import { loss, onlyReal } from '../annotation-losses.ts'
import { shareOf, spreadTimes } from '../spread-times.ts'
import { type ChatSpeaker, speakersOf } from './chat-reader.ts'
import type { ChatHeader, ChatLine, ChatTranscript, ChatUtterance, ReadChat } from './chat-transcript.ts'

export interface PlacedChat {
  document: AnnotationDocument
  /** The annotation of each utterance and dependent line. */
  annotations: Map<ChatUtterance | ChatLine, DocumentAnnotation>
}

/**
 * A tier for each speaker and one for each of their dependent lines, named as ELAN names them (`*CHI`, `%mor@CHI`).
 * Utterances without a time mark share the gap between those that have one.
 */
export function chatToDocument(transcript: ChatTranscript): PlacedChat {
  const { headers, utterances } = transcript
  const header = (name: string) => headers.find(one => one.name === name)?.value ?? ''
  const speakers = speakersOf(header('@Participants'))
  const ids = headers.filter(({ name }) => name === '@ID').map(({ value }) => idFields(value))
  const annotations: PlacedChat['annotations'] = new Map()
  const tiers = tiersOf(utterances, annotations, [
    ...new Set([...speakers.map(({ code }) => code), ...utterances.map(({ speaker }) => speaker)]),
  ])
  for (const { main, dependents, code } of tiers) {
    const speaker = speakers.find(one => one.code === code)
    const language = ids.find(id => id.code === code)?.language ?? ''
    main.language = language
    for (const tier of [main, ...dependents.values()]) tier.participant = speaker?.name || code
  }
  return {
    document: {
      ...emptyDocument(),
      author: header('@Transcriber'),
      media: mediaOf(header('@Media')),
      languages: words(header('@Languages')).map(id => ({ id, definition: '', label: '' })),
      properties: propertiesOf(headers, speakers, new Set(ids.map(({ code }) => code))),
      tiers: tiers.flatMap(({ main, dependents }) => [main, ...dependents.values()]),
    },
    annotations,
  }
}

/** With what the reader could not take over. */
export function readChatDocument(chat: ReadChat): AnnotationDocument {
  const { document } = chatToDocument(chat)
  const extras = [
    loss(
      'chat-remarks',
      chat.remarks,
      'header between utterances (@Comment, @G …) is left out',
      'headers between utterances (@Comment, @G …) are left out',
    ),
    loss(
      'chat-inner-marks',
      chat.innerMarks,
      'time mark inside of an utterance or in a dependent line is left out',
      'time marks inside of utterances or in dependent lines are left out',
    ),
    loss(
      'stray-text',
      chat.strayLines,
      'line that belongs to nothing is left out',
      'lines that belong to nothing are left out',
    ),
  ]
  return { ...document, extras: onlyReal(extras) }
}

interface SpeakerTiers {
  code: string
  main: AnnotationTier
  dependents: Map<string, AnnotationTier>
}

function tiersOf(
  utterances: readonly ChatUtterance[],
  annotations: PlacedChat['annotations'],
  codes: readonly string[],
): SpeakerTiers[] {
  const found = new Map(codes.map(code => [code, speakerTiers(code)]))
  const spans = spreadTimes(utterances.map(({ span }) => span))
  for (const [place, utterance] of utterances.entries()) {
    const own = found.get(utterance.speaker)!
    const span = spans[place]!
    const id = `u${place + 1}`
    const annotation = {
      ...plainAnnotation({ id, ...span, value: utterance.text }),
      isAligned: utterance.span !== null,
    }
    own.main.annotations.push(annotation)
    annotations.set(utterance, annotation)
    for (const [code, lines] of Map.groupBy(utterance.dependents, line => line.code)) {
      const tier = dependentTier(own, code)
      if (lines.length > 1) tier.stereotype = 'symbolic-subdivision'
      for (const [part, line] of lines.entries()) {
        const plain = plainAnnotation({
          id: `${id}-${code}${lines.length > 1 ? part + 1 : ''}`,
          ...shareOf(span, part, lines.length),
          value: line.text,
        })
        const dependent = { ...plain, parentId: id, isAligned: false }
        tier.annotations.push(dependent)
        annotations.set(line, dependent)
      }
    }
  }
  const spoken = [...found.values()].filter(({ main }) => main.annotations.length > 0)
  for (const { main, dependents } of spoken)
    for (const tier of [main, ...dependents.values()]) tier.annotations = inTimeOrder(tier.annotations)
  return spoken
}

/** The type that ELAN gives to the tiers of main lines. */
export const MAIN_TYPE = 'orthography'

function speakerTiers(code: string): SpeakerTiers {
  return { code, main: { ...plainTier(`*${code}`), typeName: MAIN_TYPE }, dependents: new Map() }
}

function dependentTier({ main, dependents }: SpeakerTiers, code: string): AnnotationTier {
  const known = dependents.get(code)
  if (known) return known
  const tier: AnnotationTier = {
    ...plainTier(`%${code}@${main.name.slice(1)}`),
    typeName: `%${code}`,
    parent: main.name,
    stereotype: 'symbolic-association',
  }
  dependents.set(code, tier)
  return tier
}

/** `@ID: language|corpus|code|age|sex|group|SES|role|education|custom|`. */
export function idFields(value: string): { language: string; code: string; role: string } {
  const fields = value.split('|').map(field => field.trim())
  const language = words(fields[0] ?? '')[0] ?? ''
  return { language, code: fields[2] ?? '', role: fields[7] ?? '' }
}

/** Separated by commas; `und` is ISO 639-3's word for "nobody said". */
function words(list: string): string[] {
  return list.split(/[,\s]+/).filter(word => word !== '' && word !== 'und')
}

/** The name of a file without its ending, which has to lie beside the transcript, and what it is. */
function mediaOf(value: string): AnnotationDocument['media'] {
  const [name = '', kind = ''] = value.split(',').map(part => part.trim())
  if (name === '') return []
  const mimeType = kind.startsWith('audio') ? 'audio/*' : 'video/*'
  return [{ url: unquoted(name), relativeUrl: '', mimeType, timeOriginMs: 0, extractedFrom: '' }]
}

function unquoted(name: string): string {
  return /^".*"$/.test(name) ? name.slice(1, -1) : name
}

const IN_MODEL = new Set(['@Languages', '@Participants', '@Media', '@Transcriber'])

/** Headers that the model has no part for; roles of speakers without an @ID come as if they had one. */
function propertiesOf(
  headers: readonly ChatHeader[],
  speakers: readonly ChatSpeaker[],
  withId: ReadonlySet<string>,
): AnnotationDocument['properties'] {
  const seen = new Set<string>()
  const kept = headers.filter(({ name, value }) => {
    if (name === '@Media') return value.split(',').length > 2
    const isFirst = !seen.has(name)
    seen.add(name)
    return !(IN_MODEL.has(name) && isFirst)
  })
  const roles = speakers
    .filter(({ code, role }) => role !== '' && !withId.has(code))
    .map(({ code, role }) => ({ name: '@ID', value: `und||${code}|||||${role}|||` }))
  return [...roles, ...kept]
}
