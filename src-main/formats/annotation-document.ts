import type { Stereotype } from '#shared/contract/annotation.ts'

/** What all annotation formats have in common: readers give it, writers take it. Times are whole milliseconds. */
export interface AnnotationDocument {
  author: string
  /** As the file writes it; empty where it does not. */
  date: string
  media: MediaDescriptor[]
  linkedFiles: LinkedFile[]
  properties: { name: string; value: string }[]
  licenses: { text: string; url: string }[]
  languages: { id: string; definition: string; label: string }[]
  /** Types that no tier has. */
  unusedTypes: DocumentType[]
  vocabularies: Vocabulary[]
  externalRefs: { id: string; type: string; value: string }[]
  tiers: AnnotationTier[]
  /** What the file holds and this model does not: lost unless the file is written in its own format. */
  extras: Extra[]
}

export interface MediaDescriptor {
  url: string
  relativeUrl: string
  mimeType: string
  /** Media time minus annotation time. */
  timeOriginMs: number
  extractedFrom: string
}

export interface LinkedFile {
  url: string
  relativeUrl: string
  mimeType: string
  associatedWith: string
}

export interface Vocabulary {
  name: string
  /** Of an external vocabulary; its entries live elsewhere. */
  externalRef: string
  descriptions: { language: string; text: string }[]
  entries: VocabularyEntry[]
}

export interface VocabularyEntry {
  id: string
  externalRef: string
  values: { language: string; value: string; description: string }[]
}

/** A linguistic type: what tiers of one kind have in common. */
export interface DocumentType {
  name: string
  stereotype: Stereotype
  vocabulary: string
}

export interface AnnotationTier {
  name: string
  typeName: string
  stereotype: Stereotype
  /** Name of the parent tier. */
  parent: string | null
  participant: string
  annotator: string
  language: string
  vocabulary: string
  /** Point tiers hold moments: the start of each annotation is its end. */
  kind: 'interval' | 'point'
  /** In the order of time; equal times in the order of the file. */
  annotations: DocumentAnnotation[]
}

export interface DocumentAnnotation {
  id: string
  startMs: number
  endMs: number
  value: string
  /** Id of the annotation of the parent tier that this one belongs to. */
  parentId: string | null
  /** False where the times were worked out from its neighbours or its parent. */
  isAligned: boolean
  /** Who speaks or signs, in formats that say so for each cue. */
  speaker: string
  /** The entry of the vocabulary that the value stands for. */
  entryId: string
  externalRef: string
}

export interface Extra {
  code: string
  count: number
  /** A sentence with the count in it. */
  sentence: string
}

export function emptyDocument(): AnnotationDocument {
  return {
    author: '',
    date: '',
    media: [],
    linkedFiles: [],
    properties: [],
    licenses: [],
    languages: [],
    unusedTypes: [],
    vocabularies: [],
    externalRefs: [],
    tiers: [],
    extras: [],
  }
}

/** A tier without parent, type or people. */
export function plainTier(name: string, annotations: DocumentAnnotation[] = []): AnnotationTier {
  return {
    name,
    typeName: '',
    stereotype: 'none',
    parent: null,
    participant: '',
    annotator: '',
    language: '',
    vocabulary: '',
    kind: 'interval',
    annotations,
  }
}

export function plainAnnotation(
  span: Pick<DocumentAnnotation, 'id' | 'startMs' | 'endMs' | 'value'>,
): DocumentAnnotation {
  return { ...span, parentId: null, isAligned: true, speaker: '', entryId: '', externalRef: '' }
}

/** Sorts by time and keeps the order of the file where that says nothing. */
export function inTimeOrder(annotations: DocumentAnnotation[]): DocumentAnnotation[] {
  return annotations.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs)
}

/** A name that `taken` does not have yet, which it then has. */
export function uniqueName(name: string, taken: Set<string>): string {
  let unique = name
  for (let n = 2; taken.has(unique); n++) unique = `${name} (${n})`
  taken.add(unique)
  return unique
}
