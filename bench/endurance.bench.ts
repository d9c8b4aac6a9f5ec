/**
 * Clips in a row through the demo model, extraction and translation, while the engine's process is killed with
 * SIGKILL again and again; then every feature file and every sentence is compared with a run that nobody disturbed,
 * and memory is followed through both. Ends with 1 where something differs, is lost or was done twice.
 *
 *   node bench/endurance.bench.ts [--clips 1000] [--kill-every 60] [--dir DIR]
 *
 * `--kill-every` in seconds. The clips are pieces of 16 frames of the demo corpus's videos.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createRouterClient } from '@orpc/server'
import type { Job } from '#shared/contract/job.ts'
import { type Core, createCore } from '#main/core/core.ts'
import { silentLog } from '#main/core/testing/corpus.ts'
import { openDatabase } from '#main/db/open.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    clips: { type: 'string', default: '1000' },
    'kill-every': { type: 'string', default: '60' },
    dir: { type: 'string' },
  },
})
const clips = Number(values.clips)
const killEverySeconds = Number(values['kill-every'])
const FRAMES = 16
const PIECES_PER_VIDEO = 2
/** Caches, thread pools and the allocator have their size after this share of the clips. */
const WARM = 0.2
const SAMPLES = 50
const root = resolve(import.meta.dirname, '..')

interface Sample {
  kind: Job['kind']
  process: 'core' | 'engine'
  /** Clips that the job had done. */
  clips: number
  megabytes: number
}

interface Outcome {
  name: string
  seconds: number
  kills: number
  jobs: Job[]
  /** By clip and kind, or clip and rank: what must be the same in both runs. */
  results: Map<string, string>
  /** Results that were there at one kill and had been made anew by the end. */
  doneTwice: number
  samples: Sample[]
}

using folder = workFolder(values.dir)
const dir = folder.path
const began = performance.now()
writeClips(join(dir, 'videos'))
console.log(`${clips} clips of ${FRAMES} frames written in ${seconds(began)} s`)
const quiet = await work('undisturbed', false)
const disturbed = await work('killed', true)
process.exitCode = report(quiet, disturbed) ? 0 : 1

async function work(name: string, isKilled: boolean): Promise<Outcome> {
  const corpus = join(dir, `${name}.signwright`)
  const core = await openCore(join(dir, `data-${name}`))
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: corpus, name })
  await core.settled((await api.importing.start({ source: join(dir, 'videos') })).id, () => {})
  const [model] = await api.model.list()
  if (!model) throw new Error('The demo model is not there')
  const began = performance.now()
  const killer = isKilled ? startKiller(core, corpus) : null
  const samples: Sample[] = []
  const jobs: Job[] = []
  for (const kind of ['extract', 'translate'] as const) {
    const job = await api.job[kind]({ selection: { kind: 'all' }, modelId: model.id, device: 'cpu' })
    jobs.push(await follow(core, job, samples))
    console.log(`  ${name}: ${kind} ${jobs.at(-1)?.state} after ${seconds(began)} s`)
  }
  killer?.stop()
  const elapsed = (performance.now() - began) / 1000
  await core.close()
  return {
    name,
    seconds: elapsed,
    kills: killer?.seen.length ?? 0,
    jobs,
    results: resultsOf(corpus),
    doneTwice: countDoneTwice(killer?.seen ?? [], madeIn(corpus)),
    samples,
  }
}

function openCore(dataDir: string): Promise<Core> {
  return createCore({
    shell: 'test',
    dataDir,
    resourcesDir: join(root, 'resources'),
    modelsDir: join(root, 'models'),
    version: '0.0.0',
    log: silentLog,
    resumeJobs: true,
  })
}

/** Until the job has ended, with memory of both processes at even steps. */
function follow(core: Core, job: Job, samples: Sample[]): Promise<Job> {
  const step = Math.max(1, Math.floor(clips / SAMPLES))
  let next = 0
  return core.settled(job.id, ({ itemsDone }) => {
    const engine = core.engine.pid()
    if (itemsDone < next || engine === null) return
    next = itemsDone + step
    const sample = { kind: job.kind, clips: itemsDone }
    samples.push({ ...sample, process: 'core', megabytes: megabytes(process.pid) })
    samples.push({ ...sample, process: 'engine', megabytes: megabytes(engine) })
  })
}

/** Kills the engine at even times, and notes before each blow what was already made. */
function startKiller(core: Core, corpus: string) {
  const seen: Map<string, string>[] = []
  const timer = setInterval(() => {
    const pid = core.engine.pid()
    if (pid === null) return
    seen.push(madeIn(corpus))
    process.kill(pid, 'SIGKILL')
  }, killEverySeconds * 1000)
  return { seen, stop: () => clearInterval(timer) }
}

/** Every result with what changes when it is made again: the time of a feature, the row of a sentence. */
function madeIn(corpus: string): Map<string, string> {
  const db = openDatabase(join(corpus, 'corpus.sqlite'), { create: false })
  try {
    const features = db
      .prepare<[], { name: string; made: number }>(`SELECT key AS name, made_at AS made FROM feature`)
      .all()
    const sentences = db
      .prepare<[], { name: string; made: number }>(
        `SELECT run_id || '/' || clip_id || '/' || rank AS name, id AS made FROM hypothesis`,
      )
      .all()
    return new Map([...features, ...sentences].map(({ name, made }) => [name, String(made)]))
  } finally {
    db.close()
  }
}

function countDoneTwice(
  seen: readonly ReadonlyMap<string, string>[],
  last: ReadonlyMap<string, string>,
): number {
  const again = new Set<string>()
  for (const earlier of seen) for (const [name, made] of earlier) if (last.get(name) !== made) again.add(name)
  return again.size
}

/** sha256 of each feature file by its name, which is that of its pixels and weights; each sentence by its clip. */
function resultsOf(corpus: string): Map<string, string> {
  const results = new Map<string, string>()
  const features = join(corpus, 'features')
  for (const name of readdirSync(features, { recursive: true, encoding: 'utf8' }).filter(file =>
    /\.\w+$/.test(file),
  ))
    results.set(
      name,
      createHash('sha256')
        .update(readFileSync(join(features, name)))
        .digest('hex'),
    )
  const db = openDatabase(join(corpus, 'corpus.sqlite'), { create: false })
  try {
    const sentences = db
      .prepare<[], { name: string; rank: number; text: string; score: number }>(
        `SELECT name, rank, text, score FROM hypothesis JOIN clip ON clip.id = clip_id`,
      )
      .all()
    for (const { name, rank, text, score } of sentences) results.set(`${name}/${rank}`, `${text} ${score}`)
  } finally {
    db.close()
  }
  return results
}

function report(quiet: Outcome, disturbed: Outcome): boolean {
  for (const { name, seconds: elapsed, kills, jobs, results, doneTwice, samples } of [quiet, disturbed]) {
    const done = jobs.map(job => `${job.kind} ${job.state}, ${job.itemsDone} done, ${job.itemsFailed} failed`)
    console.log(`${name}: ${elapsed.toFixed(0)} s, ${kills} kills; ${done.join('; ')}`)
    console.log(`  ${results.size} results, ${doneTwice} done twice`)
    for (const { kind } of jobs)
      for (const process of ['core', 'engine'] as const)
        console.log(
          `  ${memoryLine(
            `${kind}, ${process}`,
            samples.filter(each => each.kind === kind && each.process === process),
          )}`,
        )
  }
  const names = new Set([...quiet.results.keys(), ...disturbed.results.keys()])
  const different = [...names].filter(name => quiet.results.get(name) !== disturbed.results.get(name))
  const sentences = new Set(
    [...quiet.results].filter(([name]) => name.endsWith('/0')).map(([, text]) => text),
  )
  console.log(
    `${names.size - different.length} of ${names.size} results are equal (${sentences.size} different best sentences)`,
  )
  for (const name of different.slice(0, 5)) console.log(`  differs: ${name}`)
  const isComplete = [quiet, disturbed].every(({ jobs }) => jobs.every(job => job.itemsDone === clips))
  return isComplete && different.length === 0 && disturbed.doneTwice === 0
}

/** Tenths of the way, and the slope of a straight line through what comes after the start; the engine's begins anew after each kill. */
function memoryLine(what: string, samples: readonly Sample[]): string {
  const warm = samples.filter(sample => sample.clips >= WARM * clips)
  if (warm.length < 2) return `${what}: too few samples`
  const tenths = Array.from(
    { length: 11 },
    (_, tenth) => samples[Math.round((tenth / 10) * (samples.length - 1))]?.megabytes,
  )
  return `${what}: ${tenths.join(', ')} MB; ${(1000 * slope(warm)).toFixed(1)} MB in 1,000 clips after the first ${WARM * clips}`
}

/** Least squares, MB a clip. */
function slope(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) =>
    samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length
  const [x, y] = [mean(sample => sample.clips), mean(sample => sample.megabytes)]
  const spread = samples.reduce((sum, sample) => sum + (sample.clips - x) ** 2, 0)
  return samples.reduce((sum, sample) => sum + (sample.clips - x) * (sample.megabytes - y), 0) / spread
}

/** Pieces of the demo's videos; files of the same piece differ in a box that players skip, and so count as others. */
function writeClips(folder: string): void {
  const demo = join(root, 'resources/demo/clips')
  const pieces: Buffer[] = []
  const videos = readdirSync(demo).sort()
  for (let at = 0; at < Math.min(clips, videos.length * PIECES_PER_VIDEO); at++)
    pieces.push(cut(join(demo, videos[at % videos.length] ?? ''), Math.floor(at / videos.length) * FRAMES))
  mkdirSync(folder, { recursive: true })
  for (let at = 0; at < clips; at++) {
    const box = Buffer.from('\0\0\0\u0010free\0\0\0\0\0\0\0\0', 'latin1')
    box.writeUInt32BE(at, 8)
    const video = pieces[at % pieces.length] ?? Buffer.alloc(0)
    writeFileSync(join(folder, `clip-${String(at).padStart(4, '0')}.mp4`), Buffer.concat([video, box]))
  }
}

function cut(video: string, firstFrame: number): Buffer {
  const file = join(dir, 'piece.mp4')
  const pieces = `select=between(n\\,${firstFrame}\\,${firstFrame + FRAMES - 1}),setpts=PTS-STARTPTS`
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-y',
    '-i',
    video,
    '-vf',
    pieces,
    '-an',
    '-preset',
    'veryfast',
    file,
  ])
  return readFileSync(file)
}

/** Resident memory of a process; 0 where it is gone at this moment. */
function megabytes(pid: number): number {
  try {
    const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
    return Math.round(Number(kilobytes) / 1024)
  } catch {
    return 0
  }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0)
}
