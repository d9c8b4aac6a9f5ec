import { z } from 'zod'
import { base, eventIterator } from './base.ts'
import { ClipSelection } from './clip.ts'
import { JobId, ModelId, RunId, Timestamp } from './ids.ts'

export const JOB_KINDS = [
  'extract',
  'translate',
  'import',
  'export',
  'proxy',
  'convert',
  'download',
  'tag',
  'train',
  'gloss-to-text',
] as const
export const JOB_STATES = ['queued', 'running', 'paused', 'done', 'failed', 'cancelled'] as const

/** Jobs of the machine have ids from here on, those of a corpus lower ones. */
export const MACHINE_JOB_IDS_FROM = 2 ** 40

export const Job = z.strictObject({
  id: JobId,
  /** `machine`: it needs no corpus, and is there whichever is open. */
  scope: z.enum(['corpus', 'machine']),
  kind: z.enum(JOB_KINDS),
  title: z.string(),
  state: z.enum(JOB_STATES),
  /** Work units: frames for extraction, clips for translation, files for the rest. */
  done: z.number(),
  total: z.number(),
  unit: z.enum(['frames', 'clips', 'files', 'bytes', 'sentences']),
  itemsDone: z.int(),
  itemsFailed: z.int(),
  itemsTotal: z.int(),
  /** Units a second over the last half minute, while running. */
  rate: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  device: z.string().nullable(),
  /** Memory of the engine's process, while it works for this job. */
  memoryBytes: z.number().nullable(),
  attempts: z.int(),
  createdAt: Timestamp,
  startedAt: Timestamp.nullable(),
  finishedAt: Timestamp.nullable(),
  /** Why it stopped, in a sentence. */
  problem: z.string().nullable(),
  warning: z.string().nullable(),
  /** What the job waits for an answer to: it goes on with another device only when the user says so. */
  question: z.strictObject({ failed: z.string(), goOnWith: z.literal('cpu'), reason: z.string() }).nullable(),
  /** The device that the user agreed to after another one had failed. */
  fallback: z.string().nullable(),
  runId: RunId.nullable(),
  /** Folder or file that it made. */
  output: z.string().nullable(),
})
export type Job = z.infer<typeof Job>

export const JobLogEntry = z.strictObject({
  at: Timestamp,
  level: z.enum(['info', 'warning', 'error']),
  clip: z.string().nullable(),
  message: z.string(),
})
export type JobLogEntry = z.infer<typeof JobLogEntry>

const Device = z.enum(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('auto')
const ById = z.strictObject({ jobId: JobId })

export const DECODINGS = ['beam', 'greedy', 'sample'] as const
/** Where the example sentences in the prompt come from; `as-released` leaks references, see the guide. */
export const EXAMPLE_SOURCES = ['none', 'train', 'as-released'] as const

export const TranslateInput = z.strictObject({
  selection: ClipSelection,
  modelId: ModelId,
  /** Absent: as many as the model was published with. */
  beams: z.int().min(1).max(20).optional(),
  maxLength: z.int().min(2).max(512).default(64),
  lengthPenalty: z.number().min(-5).max(5).default(1),
  decoding: z.enum(DECODINGS).default('beam'),
  /** Of sampling and of the choice of examples: the same seed gives the same sentences. */
  seed: z.int().nonnegative().default(1),
  /** Sampling only; the defaults are those of SpaMo's release. */
  temperature: z.number().min(0.05).max(5).default(1),
  /** 0 = all of the vocabulary. */
  topK: z.int().min(0).max(1000).default(50),
  topP: z.number().min(0.01).max(1).default(0.9),
  examples: z.enum(EXAMPLE_SOURCES).default('none'),
  nBest: z.int().min(1).max(20).default(1),
  name: z.string().max(120).optional(),
  device: Device,
})

export const job = {
  list: base.output(z.array(Job)),
  get: base.input(ById).output(Job),
  log: base.input(ById).output(z.array(JobLogEntry)),
  extract: base
    .input(
      z.strictObject({
        selection: ClipSelection,
        modelId: ModelId,
        device: Device,
        /** Copies them there too, named as SpaMo names them. */
        outDir: z.string().min(1).optional(),
      }),
    )
    .output(Job),
  /** Extracts what is missing first; makes a new run. */
  translate: base.input(TranslateInput).output(Job),
  pause: base.input(ById).output(Job),
  resume: base.input(ById).output(Job),
  cancel: base.input(ById).output(Job),
  retry: base.input(ById).output(Job),
  /** Answers `question`: goes on with the CPU, or cancels. */
  answer: base.input(z.strictObject({ jobId: JobId, goOn: z.boolean() })).output(Job),
  remove: base.input(ById).output(z.void()),
  /** The state of every unfinished job, and of each job as it ends; at most 20 a second. */
  changes: base.output(eventIterator(Job)),
}
