/**
 * Example sentences in the prompt (SpaMo, sections 3.4 and A.2): three translations of one sentence,
 * each with the target, `"{en}={text}" "{fr}={text}" "{es}={text}"`.
 */
import { createHash } from 'node:crypto'
import { AppError } from '#shared/contract/errors.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { type SentenceRecord, sentencesOfClips, sentencesOfSplit } from './in-context.queries.ts'

export type ExampleSource = 'none' | 'train' | 'as-released'

/** One example for all clips, or, as the release does it, another one for each. */
export type Examples =
  | { source: 'none' }
  | { source: 'train'; clipId: ClipId; text: string }
  | { source: 'as-released'; byClip: Record<number, string> }

/** Order of the release; further languages follow by their codes. */
const FOREIGN = ['en', 'fr', 'es']
const MOST_PAIRS = 3
const TRAIN = 'train'
/** Clips whose prompts the release makes together. */
const BATCH = 8

export const LEAK_WARNING =
  'In-context examples as released: the prompt of each clip contains the reference of another clip of this run. ' +
  'References of the part under test leak into the input; do not compare these scores with those of other systems.'

export function chooseExamples(
  db: ReadDb,
  source: ExampleSource,
  clipIds: readonly ClipId[],
  options: { seed: number; target: string },
): Examples {
  if (source === 'none') return { source }
  if (source === 'train') return fromTraining(db, options)
  return { source, byClip: asReleased(db, clipIds, options) }
}

export function exampleOf(examples: Examples, clipId: ClipId): string | undefined {
  if (examples.source === 'none') return undefined
  return examples.source === 'train' ? examples.text : examples.byClip[clipId]
}

function fromTraining(db: ReadDb, { seed, target }: { seed: number; target: string }): Examples {
  const usable = [...byClip(sentencesOfSplit(db, TRAIN))].flatMap(([clipId, sentences]) => {
    const text = pairs(sentences, target)
    return text === null ? [] : [{ clipId, text }]
  })
  const chosen = usable[numberFrom(`${seed}/example`, usable.length)]
  if (!chosen)
    throw new AppError(
      'invalid-input',
      `The split "${TRAIN}" has no clip with references in the target language (${target || 'unknown'}) and in another one, which an example is made of. Import translations of the training sentences, or translate without examples.`,
    )
  return { source: 'train', ...chosen }
}

/** Each clip gets the example of another clip of its batch: the batch is rotated by a seeded number of places. */
function asReleased(
  db: ReadDb,
  clipIds: readonly ClipId[],
  { seed, target }: { seed: number; target: string },
): Record<number, string> {
  const sentences = byClip(sentencesOfClips(db, clipIds))
  const examples: Record<number, string> = {}
  for (let start = 0; start < clipIds.length; start += BATCH) {
    const batch = clipIds.slice(start, start + BATCH)
    if (batch.length === 1)
      throw new AppError(
        'invalid-input',
        `Examples as released need batches of two clips or more; with ${clipIds.length} clips the last batch of ${BATCH} holds one. Select one clip more or fewer.`,
      )
    const by = 1 + numberFrom(`${seed}/${start}`, batch.length - 1)
    for (const [at, clipId] of batch.entries()) {
      const other = batch[(at + by) % batch.length] ?? clipId
      const text = pairs(sentences.get(other) ?? [], target)
      if (text === null)
        throw new AppError(
          'invalid-input',
          `Clip ${other} has no references in the target language (${target || 'unknown'}) and in another one, which an example is made of. Import translations of its sentence, or translate without examples.`,
        )
      examples[clipId] = text
    }
  }
  return examples
}

function byClip(sentences: readonly SentenceRecord[]): Map<ClipId, SentenceRecord[]> {
  const grouped = new Map<ClipId, SentenceRecord[]>()
  for (const sentence of sentences)
    grouped.set(sentence.clipId, [...(grouped.get(sentence.clipId) ?? []), sentence])
  return grouped
}

/** Null where the clip has no sentence in the target language or none in another one. */
function pairs(sentences: readonly SentenceRecord[], target: string): string | null {
  const known = sentences.find(({ language }) => languageCode(language) === languageCode(target))
  if (!known) return null
  const foreign = sentences
    .filter(({ language }) => languageCode(language) !== languageCode(target))
    .toSorted((a, b) => placeOf(a) - placeOf(b) || (a.language < b.language ? -1 : 1))
    .slice(0, MOST_PAIRS)
  if (foreign.length === 0) return null
  return foreign.map(({ text }) => `"${text.trim()}=${withStop(known.text)}"`).join(' ')
}

function languageCode(language: string): string {
  return language.toLowerCase().split('-')[0] ?? ''
}

function placeOf({ language }: SentenceRecord): number {
  const place = FOREIGN.indexOf(languageCode(language))
  return place === -1 ? FOREIGN.length : place
}

/** SpaMo's data set ends every target with a full stop. */
function withStop(text: string): string {
  const trimmed = text.trim()
  return trimmed.endsWith('.') ? trimmed : `${trimmed}.`
}

/** 0 … count − 1, the same for the same text. */
function numberFrom(text: string, count: number): number {
  return count === 0 ? 0 : createHash('sha256').update(text).digest().readUInt32BE() % count
}
