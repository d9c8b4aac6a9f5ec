/**
 * Whether memory stays flat over many short clips: resident memory of the core and of the engine while a job works
 * through them, warm against the end. Prints the ratio.
 *
 *   node bench/memory.bench.ts [--clips 1000]
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { ModelId } from '#shared/contract/ids.ts'
import { installTinyModel, makeVideos, testCore } from '#main/core/testing/workplace.ts'

const { values } = parseArgs({ options: { clips: { type: 'string', default: '1000' } } })
const clips = Number(values.clips)
/** Caches, thread pools and the allocator have their size after this share of the clips. */
const WARM = 0.2

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
try {
  await measure()
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  await installTinyModel(dir)
  writeClips(join(dir, 'videos'))
  const core = await testCore(dir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dir, 'Memory.signwright'), name: 'Memory' })
  const began = performance.now()
  await core.settled((await api.importing.start({ source: join(dir, 'videos') })).id, () => {})
  console.log(`imported: ${clips} clips in ${seconds(began)} s, core ${megabytes(process.pid)} MB`)
  for (const kind of ['extract', 'translate'] as const) await watch(kind)
  await core.close()

  async function watch(kind: 'extract' | 'translate'): Promise<void> {
    const start = performance.now()
    const samples: { at: number; core: number; engine: number }[] = []
    const job = await api.job[kind]({
      selection: { kind: 'all' },
      modelId: ModelId.parse('tiny'),
      device: 'cpu',
    })
    const ended = await core.settled(job.id, ({ itemsDone }) => {
      const pid = core.engine.pid()
      if (pid === null || itemsDone < (samples.at(-1)?.at ?? -clips) + clips / 20) return
      samples.push({ at: itemsDone, core: megabytes(process.pid), engine: megabytes(pid) })
    })
    console.log(
      `${kind}: ${ended.state}, ${ended.itemsDone} done, ${ended.itemsFailed} failed in ${seconds(start)} s`,
    )
    const warm = samples.find(({ at }) => at >= clips * WARM) ?? samples[0]
    const last = samples.at(-1)
    if (!warm || !last) return
    for (const process of ['core', 'engine'] as const)
      console.log(
        `  ${process.padEnd(6)} start ${samples[0]?.[process]} MB, warm ${warm[process]} MB, end ${last[process]} MB: ratio ${(last[process] / warm[process]).toFixed(2)}`,
      )
  }
}

/** Videos of one second that differ in a box which players skip: a thousand encodings would take longer than the measurement. */
function writeClips(folder: string): void {
  makeVideos(join(dir, 'one'), 1, 1)
  const video = readFileSync(join(dir, 'one', 'clip-00.mp4'))
  mkdirSync(folder)
  for (let at = 0; at < clips; at++) {
    const box = Buffer.from('\0\0\0\u0010free\0\0\0\0\0\0\0\0', 'latin1')
    box.writeUInt32BE(at, 8)
    writeFileSync(join(folder, `clip-${String(at).padStart(4, '0')}.mp4`), Buffer.concat([video, box]))
  }
}

/** Resident memory of a process. */
function megabytes(pid: number): number {
  const kilobytes = execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Math.round(Number(kilobytes) / 1024)
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}
