import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  GlossLanguage,
  TaggerAccuracy,
  type GlossProvider,
  type TaggerTraining,
} from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { z } from 'zod'
import { asStorageError } from '../../db/failures.ts'
import { sha256 } from '../../formats/sha256.ts'
import { taggerBytes } from '../../language/tagger-file.ts'
import type { TrainingResult } from '../../language/train-tagger.ts'
import type { Log } from '../context.ts'
import { readText, writeJson } from '../json-file.ts'

const FACTS = 'tagger.json'
const MODEL = 'tagger.bin'
export const TRAINED = 'trained/'

/** Beside each trained tagger: where it comes from, and how good it is. */
const PackFacts = z.strictObject({
  language: GlossLanguage,
  name: z.string(),
  treebank: z.string(),
  licence: z.string(),
  source: z.string(),
  files: z.array(z.strictObject({ name: z.string(), sha256: z.string(), bytes: z.int() })),
  sentences: z.int(),
  words: z.int(),
  isLowerCase: z.boolean(),
  rounds: z.int(),
  trainedAt: z.int(),
  /** Of the program that trained it. */
  program: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  accuracy: TaggerAccuracy,
  heldOut: z.string(),
})
type PackFacts = z.infer<typeof PackFacts>

export interface PackDeps {
  dataDir: string
  version: string
  log: Log
  now: () => number
}

/** Taggers that were trained on this machine: a folder each in the data folder, usable in any corpus. */
export function createTaggerPacks({ dataDir, version, log, now }: PackDeps) {
  const dir = join(dataDir, 'taggers')

  function list(): GlossProvider[] {
    return folders(dir).flatMap(name => {
      const facts = factsOf(name)
      return facts ? [asProvider(name, facts)] : []
    })
  }

  function factsOf(name: string): PackFacts | undefined {
    const file = join(dir, name, FACTS)
    try {
      return PackFacts.parse(JSON.parse(readText(file) ?? 'null'))
    } catch (error) {
      log.warn({ err: error, file }, 'a trained tagger cannot be read')
      return undefined
    }
  }

  const fileOf = (name: string) => join(dir, name, MODEL)

  /** Nothing of an older tagger of this name is left, and nothing of the new one until it is whole. */
  function save(wish: TaggerTraining, files: PackFacts['files'], result: TrainingResult): GlossProvider {
    const name = slug(`${wish.language}-${wish.name}`)
    const bytes = taggerBytes(result.model)
    const facts: PackFacts = {
      language: wish.language,
      name: wish.name,
      treebank: wish.treebank,
      licence: wish.licence,
      source: wish.source,
      files,
      sentences: result.sentences,
      words: result.words,
      isLowerCase: wish.isLowerCase,
      rounds: wish.rounds,
      trainedAt: now(),
      program: version,
      sha256: sha256(bytes),
      bytes: bytes.length,
      accuracy: result.accuracy,
      heldOut: wish.testFiles.length > 0 ? wish.testFiles.join(', ') : 'every tenth sentence',
    }
    const part = join(dir, `.${name}.${process.pid}.part`)
    try {
      mkdirSync(part, { recursive: true })
      writeFileSync(join(part, MODEL), bytes)
      writeJson(join(part, FACTS), facts)
      rmSync(join(dir, name), { recursive: true, force: true })
      renameSync(part, join(dir, name))
    } catch (error) {
      rmSync(part, { recursive: true, force: true })
      throw asStorageError(error, dir)
    }
    return asProvider(name, facts)
  }

  function remove(id: string): void {
    const name = folders(dir).find(each => `${TRAINED}${each}` === id)
    if (name === undefined)
      throw new AppError('not-found', `There is no trained tagger ${id}. What comes with the program stays.`)
    rmSync(join(dir, name), { recursive: true, force: true })
  }

  return { list, save, remove, fileOf }
}

export type TaggerPacks = ReturnType<typeof createTaggerPacks>

function folders(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true })
      .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(entry => entry.name)
      .sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw asStorageError(error, dir)
  }
}

function asProvider(name: string, facts: PackFacts): GlossProvider {
  const { language, treebank, source, files, sentences, words, isLowerCase, bytes, accuracy } = facts
  return {
    id: `${TRAINED}${name}`,
    kind: 'trained',
    language,
    name: facts.name,
    version: facts.sha256.slice(0, 12),
    licence: facts.licence,
    isApproximate: false,
    trained: {
      at: facts.trainedAt,
      treebank,
      source,
      files,
      sentences,
      words,
      isLowerCase,
      sha256: facts.sha256,
      bytes,
    },
    accuracy,
    setF1: accuracy.setF1,
    measuredOn: facts.heldOut,
  }
}

function slug(text: string): string {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  const name = plain.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '')
  return name.slice(0, 60) || 'tagger'
}
