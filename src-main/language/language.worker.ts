import { parentPort } from 'node:worker_threads'
import { toWireError, type WireError } from '#shared/contract/errors.ts'
import type { TaggerTraining } from '#shared/contract/pseudo-gloss.ts'
import type { Token } from './token.ts'
import type { Tagger } from './token.ts'
import { readTagger } from './tagger-file.ts'
import { trainTagger, type TrainingResult } from './train-tagger.ts'
import { createTrainedTagger } from './trained-tagger.ts'

/** Which tagger; a trained one by its file. */
export type TaggerSource =
  | { kind: 'lexicon' | 'wink' | 'jieba' }
  | { kind: 'trained'; file: string; sha256: string }

export type LanguageRequest = { id: number } & (
  | { act: 'tag'; tagger: TaggerSource; sentences: readonly string[] }
  | { act: 'train'; wish: TaggerTraining }
)

export type LanguageAnswer = { id: number } & (
  | { tokens: Token[][] }
  | { trained: TrainingResult }
  | { progress: { done: number; total: number } }
  | { error: WireError }
)

const PROGRESS_MS = 100

const opened = new Map<string, Tagger>()

/** Each tagger is loaded when it is first used: a dictionary takes some hundred milliseconds. */
async function open(source: TaggerSource): Promise<Tagger> {
  const key = source.kind === 'trained' ? source.sha256 : source.kind
  const known = opened.get(key)
  if (known) return known
  const made = await load(source)
  opened.set(key, made)
  return made
}

async function load(source: TaggerSource): Promise<Tagger> {
  if (source.kind === 'trained') return createTrainedTagger(readTagger(source.file, source.sha256))
  if (source.kind === 'wink') return (await import('./english-wink.ts')).createWinkTagger()
  if (source.kind === 'jieba') return (await import('./chinese-jieba.ts')).createJiebaTagger()
  return (await import('./german-lexicon.ts')).createGermanLexicon()
}

const say = (answer: LanguageAnswer) => parentPort?.postMessage(answer)

async function answer(request: LanguageRequest): Promise<void> {
  const { id } = request
  if (request.act === 'tag') {
    const tag = await open(request.tagger)
    return say({ id, tokens: request.sentences.map(tag) })
  }
  let saidAt = 0
  const trained = trainTagger(request.wish, (done, total) => {
    const now = performance.now()
    if (now - saidAt < PROGRESS_MS) return
    saidAt = now
    say({ id, progress: { done, total } })
  })
  say({ id, trained })
}

parentPort?.on('message', (request: LanguageRequest) => {
  answer(request).catch((error: unknown) => {
    const asStack = (bug: unknown) => (bug instanceof Error ? (bug.stack ?? bug.message) : String(bug))
    say({ id: request.id, error: toWireError(error, asStack) })
  })
})
