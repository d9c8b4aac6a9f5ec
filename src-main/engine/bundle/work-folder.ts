import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { PartLog } from '../graph/data-file.ts'
import { STORAGES } from '../graph/layers.ts'
import { sha256OfFacts } from '../../formats/sha256.ts'

const Choice = z.object({ storage: z.enum(STORAGES), cosine: z.number() })

/** What a conversion has found out so far; its weights have logs of their own. */
const Journal = z.object({
  /** Of everything the result depends on; another one starts anew. */
  identity: z.string(),
  sources: z
    .array(z.object({ part: z.string(), file: z.string(), sha256: z.string(), bytes: z.int() }))
    .optional(),
  /** Features of the check frames by 32-bit weights, float32 in base64. */
  reference: z.record(z.string(), z.string()).default({}),
  chosen: z.record(z.string(), Choice).default({}),
})
type Journal = z.infer<typeof Journal>

const JOURNAL_NAME = 'journal.json'
const LOCK_NAME = 'lock'

export function workFolderOf(outDir: string): string {
  const path = resolve(outDir)
  return join(dirname(path), `.${basename(path)}.converting`)
}

/** Takes away what an unfinished conversion has kept for going on. */
export function discardConversion(outDir: string): void {
  rmSync(workFolderOf(outDir), { recursive: true, force: true })
}

/** Bytes that an unfinished conversion to this folder has on disk; 0 where there is none. */
export function unfinishedBytes(outDir: string): number {
  const dir = join(workFolderOf(outDir), 'bundle')
  if (!existsSync(dir)) return 0
  return readdirSync(dir).reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
}

/**
 * The hidden folder beside the future bundle in which it grows. It outlives a crash, so that the next attempt goes
 * on; the bundle appears under its own name in one step, when it is complete.
 */
export class WorkFolder implements Disposable {
  readonly dir: string
  /** Becomes the bundle. */
  readonly bundleDir: string
  readonly parts: PartLog
  readonly journal: Journal
  readonly #outDir: string

  constructor(outDir: string, facts: unknown) {
    this.#outDir = outDir
    this.dir = workFolderOf(outDir)
    this.bundleDir = join(this.dir, 'bundle')
    this.parts = new PartLog(this.dir)
    mkdirSync(this.dir, { recursive: true })
    takeLock(this.dir)
    const identity = sha256OfFacts(facts)
    const earlier = readJournal(this.dir)
    const isSame = earlier?.identity === identity
    if (!isSame)
      for (const name of readdirSync(this.dir))
        if (name !== LOCK_NAME) rmSync(join(this.dir, name), { recursive: true })
    this.journal = isSame ? earlier : { identity, reference: {}, chosen: {} }
    mkdirSync(this.bundleDir, { recursive: true })
  }

  /** Writes the journal down, in one step. */
  save(): void {
    const path = join(this.dir, JOURNAL_NAME)
    writeFileSync(`${path}.new`, JSON.stringify(this.journal), { flush: true })
    renameSync(`${path}.new`, path)
  }

  /** The bundle appears under its name. */
  publish(): void {
    if (existsSync(this.#outDir)) rmdirSync(this.#outDir)
    renameSync(this.bundleDir, this.#outDir)
    discardConversion(this.#outDir)
  }

  [Symbol.dispose](): void {
    rmSync(join(this.dir, LOCK_NAME), { force: true })
  }
}

function readJournal(dir: string): Journal | undefined {
  try {
    return Journal.parse(JSON.parse(readFileSync(join(dir, JOURNAL_NAME), 'utf8')))
  } catch {
    // None yet, or one that a crash has cut off: the conversion starts anew.
    return undefined
  }
}

/** Two conversions in one folder would spoil each other's files. */
function takeLock(dir: string): void {
  const path = join(dir, LOCK_NAME)
  const holder = existsSync(path) ? Number(readFileSync(path, 'utf8')) : 0
  if (holder > 0 && holder !== process.pid && isRunning(holder))
    throw new AppError(
      'locked',
      `Process ${holder} is converting to this folder at the moment. Wait for it, or stop it; if it is no conversion, remove ${path}.`,
      { details: { file: path } },
    )
  writeFileSync(path, String(process.pid))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
