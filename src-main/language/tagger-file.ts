import { readFileSync } from 'node:fs'
import { gunzipSync, gzipSync } from 'node:zlib'
import { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { isUpos, type Upos } from '#shared/domain/pos.ts'
import { z } from 'zod'
import { sha256 } from '../formats/sha256.ts'
import type { EditTree } from './edit-tree.ts'
import type { TaggerModel } from './trained-tagger.ts'

/**
 * A trained tagger in one compressed file: a line that names the format, a line of JSON, the features (32 bits each,
 * little-endian, ascending) and the weights (a byte each, features × classes).
 */
const MAGIC = 'signwright-tagger 1\n'
/** More than a hundred times what the largest treebank gives. */
const MOST_BYTES = 2 ** 30

const Tree: z.ZodType<EditTree | null> = z.lazy(() =>
  z.union([
    z.null(),
    z.strictObject({ text: z.string(), by: z.string() }),
    z.strictObject({
      before: z.int().nonnegative(),
      after: z.int().nonnegative(),
      left: Tree,
      right: Tree,
    }),
  ]),
)

const Head = z.strictObject({
  language: GlossLanguage,
  isLowerCase: z.boolean(),
  tags: z.array(z.custom<Upos>(tag => typeof tag === 'string' && isUpos(tag))).min(1),
  features: z.int().nonnegative(),
  step: z.number().positive(),
  lemmas: z.strictObject({
    trees: z.array(Tree),
    forms: z.record(z.string(), z.string()),
    endings: z.record(z.string(), z.array(z.int())),
  }),
})

export function taggerBytes({ language, isLowerCase, pos, lemmas }: TaggerModel): Buffer {
  const { features, rows, step } = pos.weights
  const head = { language, isLowerCase, tags: pos.tags, features: features.length, step, lemmas }
  const numbers = Buffer.alloc(features.length * 4)
  features.forEach((feature, at) => numbers.writeUInt32LE(feature, at * 4))
  return gzipSync(
    Buffer.concat([
      Buffer.from(`${MAGIC}${JSON.stringify(head)}\n`, 'utf8'),
      numbers,
      Buffer.from(rows.buffer, rows.byteOffset, rows.length),
    ]),
    { level: 9 },
  )
}

/** @throws AppError corrupt-file where the file is not the one that was trained, or is none */
export function readTagger(file: string, wanted: string): TaggerModel {
  const bytes = readFileSync(file)
  if (sha256(bytes) !== wanted)
    throw damaged(file, 'is not the file that was made when the tagger was trained')
  const content = unpacked(bytes, file)
  const end = content.indexOf(0x0a, MAGIC.length)
  if (content.subarray(0, MAGIC.length).toString('latin1') !== MAGIC || end === -1)
    throw damaged(file, 'does not begin as a tagger does')
  const head = readHead(content.toString('utf8', MAGIC.length, end), file)
  const from = end + 1
  const rowsFrom = from + head.features * 4
  if (content.length !== rowsFrom + head.features * head.tags.length)
    throw damaged(file, 'is of another length')
  const features = Uint32Array.from({ length: head.features }, (_, at) => content.readUInt32LE(from + at * 4))
  const rows = new Int8Array(content.buffer, content.byteOffset + rowsFrom, content.length - rowsFrom)
  const { language, isLowerCase, tags, step, lemmas } = head
  return { language, isLowerCase, pos: { tags, weights: { features, rows, step } }, lemmas }
}

function unpacked(bytes: Buffer, file: string): Buffer {
  try {
    return gunzipSync(bytes, { maxOutputLength: MOST_BYTES })
  } catch (error) {
    throw damaged(file, 'cannot be unpacked', error)
  }
}

function readHead(text: string, file: string): z.infer<typeof Head> {
  try {
    return Head.parse(JSON.parse(text))
  } catch (error) {
    throw damaged(file, 'says things of itself that mean nothing', error)
  }
}

function damaged(file: string, what: string, cause?: unknown): AppError {
  return new AppError('corrupt-file', `${file} ${what}. Remove the tagger and train it again.`, {
    details: { file },
    cause,
  })
}
