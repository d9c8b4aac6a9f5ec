import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { CtcDecoding, PredictionSource } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { greedySequence, prefixBeam } from '#shared/domain/ctc.ts'
import {
  blankOf,
  type CtcClip,
  ctcMatrix,
  isCtcJson,
  MOST_LABELS,
  readCtcJson,
  readCtcVocabulary,
} from '../../../formats/ctc-file.ts'
import { decodeNpy } from '../../../formats/npy.ts'
import { predictionEntry, type PredictionEntry } from '../../../formats/predictions/prediction-entry.ts'
import { decodeText } from '../../../formats/text-encoding.ts'
import { MAX_BYTES, readSourceFile } from './source-file.ts'
import { NOTHING_READ, type ReadPredictions, type SourceFile } from './what-was-read.ts'

const VOCABULARY = 'vocabulary.txt'
/** More of a step than this is told. */
const LITTLE = 0.01

/** Whether a source that nobody named the format of has labels of steps. */
export async function looksLikeCtc(path: string, isFolder: boolean): Promise<boolean> {
  if (isFolder) {
    const names = await readdir(path)
    return names.some(isMatrix) && !names.some(name => /\.xml$/i.test(name))
  }
  if (isMatrix(path)) return true
  if (!/\.json$/i.test(path)) return false
  const { bytes } = await readSourceFile(path)
  try {
    return isCtcJson(JSON.parse(bytes.toString('utf8')))
  } catch (error) {
    // What is no JSON is told by who reads it.
    if (error instanceof SyntaxError) return false
    throw error
  }
}

const isMatrix = (name: string) => /\.npy$/i.test(name)

/** A JSON file with labels or log-probabilities, a matrix of one clip, or a folder of matrices that are called as their clips. */
export async function readCtc(
  { ctc }: PredictionSource,
  path: string,
  isFolder: boolean,
): Promise<ReadPredictions> {
  const read =
    isFolder || isMatrix(path)
      ? await readMatrices(ctc, path, isFolder)
      : readJson(ctc, await readSourceFile(path))
  const most = Math.max(...read.clips.map(({ clip }) => clip.leftOut))
  const issues: ImportIssue[] = []
  if (most > LITTLE)
    issues.push({
      severity: 'info',
      file: basename(path),
      line: null,
      message: `Of each step the ${MOST_LABELS} likeliest labels are kept; in one step ${(100 * most).toFixed(1)} % of the probability is left out.`,
    })
  return {
    ...NOTHING_READ,
    format: 'ctc',
    files: read.files,
    entries: read.clips.map(({ clip, file }) => entryOf(clip, file, ctc)),
    issues,
  }
}

interface ReadClips {
  files: SourceFile[]
  clips: { clip: CtcClip; file: string }[]
}

function readJson({ stride }: CtcDecoding, file: SourceFile): ReadClips {
  const name = basename(file.path)
  const clips = readCtcJson(decodeText(file.bytes, { file: name }).text, name)
  return {
    files: [file],
    clips: clips.map(clip => ({ clip: { ...clip, stride: clip.stride ?? stride ?? null }, file: file.path })),
  }
}

async function readMatrices(ctc: CtcDecoding, path: string, isFolder: boolean): Promise<ReadClips> {
  const folder = isFolder ? path : dirname(path)
  const paths = isFolder
    ? (await readdir(path))
        .filter(isMatrix)
        .sort()
        .map(name => join(path, name))
    : [path]
  const vocabularyPath = resolve(ctc.vocabulary ?? join(folder, VOCABULARY))
  if (paths.length === 0)
    throw new AppError(
      'invalid-input',
      `${path} has no .npy files. Choose the folder with a matrix a clip.`,
      {
        details: { file: path },
      },
    )
  if (!existsSync(vocabularyPath))
    throw new AppError(
      'not-found',
      `There is no vocabulary ${vocabularyPath}. Write the glosses there, one a line in the order of the columns, the blank included, or name the file.`,
      { details: { file: vocabularyPath } },
    )
  const vocabularyFile = await readSourceFile(vocabularyPath)
  const name = basename(vocabularyPath)
  const vocabulary = readCtcVocabulary(decodeText(vocabularyFile.bytes, { file: name }).text, name)
  const files = [vocabularyFile]
  const clips: ReadClips['clips'] = []
  let total = 0
  for (const each of paths) {
    const file = await readSourceFile(each)
    total += file.bytes.length
    if (total > MAX_BYTES)
      throw new AppError(
        'invalid-input',
        `The matrices of ${folder} have more than ${MAX_BYTES / 1024 / 1024} MB. Import one split at a time, or write the likeliest labels of each step as JSON.`,
        { details: { file: folder } },
      )
    files.push(file)
    clips.push({ clip: matrixClip(file, { vocabulary, stride: ctc.stride ?? null }), file: each })
  }
  return { files, clips }
}

function matrixClip(
  { path, bytes }: SourceFile,
  { vocabulary, stride }: { vocabulary: readonly string[]; stride: number | null },
): CtcClip {
  const name = basename(path)
  const { data, shape } = decodeNpy(bytes, name)
  const [rows = 0, columns = 0] = shape
  if (shape.length !== 2 || rows === 0)
    throw new AppError(
      'corrupt-file',
      `${name} holds an array of shape ${shape.join('×')}. Save one matrix a clip: steps × labels.`,
      { details: { file: path } },
    )
  const matrix = {
    data: Float32Array.from(data as ArrayLike<number>, Number),
    shape: [rows, columns] as [number, number],
  }
  const facts = { id: name.replace(/\.npy$/i, ''), vocabulary, blank: blankOf(vocabulary), stride, offset: 0 }
  return ctcMatrix(matrix, facts, name)
}

function entryOf(clip: CtcClip, file: string, { decoding, beams }: CtcDecoding): PredictionEntry {
  const sequence =
    decoding === 'greedy'
      ? { labels: greedySequence(clip), logProbability: null }
      : (prefixBeam(clip, beams)[0] ?? { labels: [], logProbability: null })
  return predictionEntry(
    { file, line: clip.line },
    {
      name: clip.id,
      text: sequence.labels.map(label => clip.vocabulary[label] ?? '').join(' '),
      score: clip.isWeighted ? sequence.logProbability : null,
      lattice: clip,
    },
  )
}
