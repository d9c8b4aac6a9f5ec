import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import type { CtcStep } from '#shared/domain/ctc.ts'

/** Frame labels or probabilities of one clip, as a recogniser with CTC wrote them. */
export interface CtcClip {
  id: string
  /** Of the clip in its file, counted from 1; null where the format has no lines. */
  line: number | null
  vocabulary: readonly string[]
  blank: number
  /** Frames of video from one step to the next; null: the steps divide the clip evenly. */
  stride: number | null
  /** Frame of the clip at which the first step begins. */
  offset: number
  steps: CtcStep[]
  /** Whether it has probabilities; otherwise each step has one label, of probability 1. */
  isWeighted: boolean
  /** The largest share of probability of a step that was not kept. */
  leftOut: number
}

/** So many labels of a step are kept: what is less likely changes no sequence and no picture. */
export const MOST_LABELS = 32
/** Sums of rounded probabilities are this close to 1. */
const SUM_TOLERANCE = 0.02

const Label = z.union([z.int().nonnegative(), z.string()])
const Clip = z
  .strictObject({
    id: z.string().min(1),
    stride: z.number().positive().optional(),
    offset: z.int().optional(),
    labels: z.array(Label).min(1).optional(),
    probabilities: z.array(z.number().min(0).max(1)).optional(),
    steps: z
      .array(z.array(z.tuple([Label, z.number().max(0)])).min(1))
      .min(1)
      .optional(),
  })
  .refine(({ labels, steps }) => (labels === undefined) !== (steps === undefined), {
    message: 'has to have either "labels" (one a step) or "steps" (pairs of label and log-probability)',
  })
const File = z.strictObject({
  vocabulary: z.array(z.string().min(1)).min(1),
  blank: Label,
  stride: z.number().positive().optional(),
  offset: z.int().default(0),
  clips: z.array(z.unknown()).min(1),
})

/** Whether a JSON file is about frame labels and not a table of outputs. */
export function isCtcJson(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'vocabulary' in value && 'clips' in value
}

/**
 * The documented form (docs/guide/import.md): a vocabulary, which of it is the blank, frames per step, and for each clip
 * either one label a step or several with their log-probabilities. Labels are positions in the vocabulary, or glosses.
 *
 * @throws AppError corrupt-file that names file, line, clip and step
 */
export function readCtcJson(text: string, name: string): CtcClip[] {
  const parsed = File.safeParse(parseJson(text, name))
  if (!parsed.success) throw malformed(name, 1, '', parsed.error)
  const { vocabulary, clips } = parsed.data
  const numbers = new Map(vocabulary.map((gloss, at) => [gloss, at]))
  let from = 0
  return clips.map((raw, at) => {
    const id = (raw as { id?: unknown } | null)?.id
    const place = typeof id === 'string' ? text.indexOf(JSON.stringify(id), from) : -1
    if (place >= 0) from = place + 1
    const line = text.slice(0, Math.max(0, from)).split('\n').length
    const clip = Clip.safeParse(raw)
    if (!clip.success) throw malformed(name, line, `clip ${typeof id === 'string' ? id : at + 1}`, clip.error)
    const where = `${name}:${line}: clip ${clip.data.id}`
    const numberOf = (label: number | string, what: string) =>
      labelNumber(label, numbers, `${where}, ${what}`)
    const { stride = parsed.data.stride ?? null, offset = parsed.data.offset } = clip.data
    const { steps, isWeighted } = stepsOf(clip.data, numberOf, where)
    return {
      id: clip.data.id,
      line,
      vocabulary,
      blank: labelNumber(parsed.data.blank, numbers, `${name}: "blank"`),
      stride,
      offset,
      ...likeliest(steps),
      isWeighted,
    }
  })
}

function stepsOf(
  { labels, probabilities, steps }: z.infer<typeof Clip>,
  numberOf: (label: number | string, what: string) => number,
  where: string,
): { steps: CtcStep[]; isWeighted: boolean } {
  if (steps)
    return {
      steps: steps.map((step, at) =>
        step.map(([label, log]) => [numberOf(label, `step ${at + 1}`), log] as const),
      ),
      isWeighted: true,
    }
  const all = labels ?? []
  if (probabilities && probabilities.length !== all.length)
    throw corrupt(
      `${where} has ${all.length} labels and ${probabilities.length} probabilities. Give one probability for each label, or none.`,
    )
  return {
    steps: all.map((label, at) => [
      [numberOf(label, `step ${at + 1}`), Math.log(probabilities?.[at] ?? 1)] as const,
    ]),
    isWeighted: probabilities !== undefined,
  }
}

function labelNumber(label: number | string, numbers: ReadonlyMap<string, number>, where: string): number {
  const number = typeof label === 'number' ? label : numbers.get(label)
  if (number !== undefined && number < numbers.size) return number
  throw corrupt(
    `${where}: the label ${JSON.stringify(label)} is not in the vocabulary, which has ${numbers.size} entries (0 to ${numbers.size - 1}). Write the vocabulary that the model was trained with, the blank included.`,
  )
}

/**
 * A matrix of one clip: probabilities, or their natural logarithms.
 *
 * @param matrix [steps, labels], row-major
 * @throws AppError corrupt-file for a width that is not that of the vocabulary, or rows that are no probabilities
 */
export function ctcMatrix(
  { data, shape: [rows, columns] }: { data: Float32Array; shape: [number, number] },
  facts: Pick<CtcClip, 'id' | 'vocabulary' | 'blank' | 'stride' | 'offset'>,
  name: string,
): CtcClip {
  const { vocabulary } = facts
  if (columns !== vocabulary.length)
    throw corrupt(
      `${name} has ${columns} columns, and the vocabulary ${vocabulary.length} entries. Give one line for each column, in its order, the blank included.`,
    )
  const isLog = data.every(value => value <= 1e-4) && data.some(value => value < 0)
  const steps = Array.from({ length: rows }, (_, row): CtcStep => {
    const values = [...data.subarray(row * columns, (row + 1) * columns)]
    const sum = values.reduce((all, value) => all + (isLog ? Math.exp(value) : value), 0)
    const isOdd = values.some(value => !(isLog ? value <= 1e-4 : value >= 0 && value <= 1 + 1e-4))
    if (isOdd || !(Math.abs(sum - 1) <= SUM_TOLERANCE))
      throw corrupt(
        `${name}: row ${row + 1} holds neither probabilities nor their logarithms (they sum to ${sum.toPrecision(4)}, not 1). Save the output of softmax or log-softmax.`,
      )
    return values.flatMap((value, label) => {
      const log = Math.min(0, isLog ? value : Math.log(value))
      return log === -Infinity ? [] : [[label, log] as const]
    })
  })
  return { ...facts, line: null, ...likeliest(steps), isWeighted: true }
}

/** The likeliest labels of each step, the likeliest first. */
function likeliest(steps: readonly CtcStep[]): { steps: CtcStep[]; leftOut: number } {
  let leftOut = 0
  const kept = steps.map(step => {
    const sorted = step.toSorted((a, b) => b[1] - a[1])
    const rest = sorted.slice(MOST_LABELS).reduce((sum, [, log]) => sum + Math.exp(log), 0)
    leftOut = Math.max(leftOut, rest)
    return sorted.slice(0, MOST_LABELS)
  })
  return { steps: kept, leftOut }
}

/** A gloss a line, in the order of the labels; also `gloss⇥number`, in any order. */
export function readCtcVocabulary(text: string, name: string): string[] {
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  const numbered = lines.map(line => /^(.+?)[\t ]+(\d+)$/.exec(line))
  if (lines.length > 0 && numbered.every(match => match !== null)) {
    const glosses: string[] = []
    for (const [, gloss = '', number] of numbered) glosses[Number(number)] = gloss
    const missing = Array.from(glosses).findIndex(gloss => gloss === undefined)
    if (missing === -1) return glosses
    throw corrupt(`${name} has no gloss for the label ${missing}. Number the glosses from 0 without gaps.`)
  }
  const empty = lines.findIndex(line => line.trim() === '')
  if (lines.length > 0 && empty === -1) return lines.map(line => line.trim())
  throw corrupt(
    lines.length === 0
      ? `${name} is empty. Write one gloss a line, the blank included.`
      : `${name}:${empty + 1} is empty. Write one gloss a line, the blank included.`,
  )
}

const BLANKS = new Set(['<blank>', '<blk>', '[blank]', 'blank', '-', '_', '<b>', '<si>', '<ctc>', 'ε'])

/** The label of the blank: the entry that is called so; CSLR code has it first. */
export function blankOf(vocabulary: readonly string[]): number {
  const named = vocabulary.findIndex(gloss => BLANKS.has(gloss.toLowerCase()))
  return Math.max(0, named)
}

function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    const line = position === undefined ? 1 : text.slice(0, Number(position)).split('\n').length
    throw corrupt(`${name}:${line} is no JSON. Write the file with a JSON library.`, error)
  }
}

function malformed(name: string, line: number, where: string, error: z.ZodError): AppError {
  const [issue] = error.issues
  const path = issue?.path.join('.') ?? ''
  return corrupt(
    `${name}:${line}: ${[where, path].filter(Boolean).join(', ')}: ${issue?.message ?? 'is malformed'}. The guide page about import has an example of the file.`,
    error,
  )
}

function corrupt(message: string, cause?: unknown): AppError {
  return new AppError('corrupt-file', message, { cause })
}
