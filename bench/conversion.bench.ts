/**
 * SpaMo at its published size from weights to text, by the command line: a seeded checkpoint of 871 tensors (5.9 GB) and
 * both vision towers are converted (vision int8, language model 4 bits), then one short clip goes through extraction
 * and translation. Prints seconds and the largest resident memory of any process of each step.
 *
 *   node bench/conversion.bench.ts [--video FILE] [--dir DIR] [--keep]
 *
 * Without --video the clip is a test picture of one second. Needs 20 GB of disk; --keep leaves sources and bundle.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { makeVideos } from '#main/core/testing/workplace.ts'
import { writeSeededLightning } from './seeded-lightning.ts'
import { PUBLISHED_SIZES, writeSeededTowers } from './seeded-weights.ts'

const { values: flags } = parseArgs({
  options: { video: { type: 'string' }, dir: { type: 'string' }, keep: { type: 'boolean', default: false } },
})
const root = resolve(import.meta.dirname, '..')
const dir = flags.dir ? resolve(flags.dir) : mkdtempSync(join(tmpdir(), 'signwright-bench-'))
const [weights, bundle, corpus, videos] = ['weights', 'full', 'Bench.signwright', 'videos'].map(name =>
  join(dir, name),
) as [string, string, string, string]

try {
  makeSources()
  step('conversion', ['models', 'convert', weights, '--out', bundle, '--precision', 'int4'])
  step('installation', ['models', 'add', bundle])
  step('new corpus', ['create', corpus, '--name', 'Bench'])
  step('import', ['import', videos, '--format', 'folder', '--corpus', corpus])
  for (const act of ['extract', 'translate'])
    step(act, [act, '--corpus', corpus, '--model', basename(bundle), '--device', 'cpu'])
} finally {
  if (!flags.keep) rmSync(dir, { recursive: true, force: true })
}

function makeSources(): void {
  mkdirSync(weights, { recursive: true })
  if (!existsSync(join(weights, 'spamo.ckpt'))) {
    writeSeededTowers(weights, PUBLISHED_SIZES)
    const tensors = writeSeededLightning(join(weights, 'spamo.ckpt'), PUBLISHED_SIZES)
    console.log(`checkpoint of ${tensors} tensors written`)
  }
  mkdirSync(videos, { recursive: true })
  if (flags.video) copyFileSync(flags.video, join(videos, basename(flags.video)))
  else makeVideos(videos, 1, 1)
}

/** Runs one command of the program in a Node of its own, which tells the largest memory of itself and its children. */
function step(name: string, args: string[]): void {
  const start = performance.now()
  const time = existsSync('/usr/bin/time') ? ['/usr/bin/time', '-f', 'peak %M KB'] : []
  const [command = '', ...rest] = [...time, process.execPath, 'src-main/shells/cli/main.ts', ...args]
  const result = spawnSync(command, rest, {
    cwd: root,
    env: { ...process.env, SIGNWRIGHT_DATA: join(dir, 'data') },
    stdio: ['ignore', 'inherit', 'pipe'],
    encoding: 'utf8',
  })
  if (result.status !== 0) throw new Error(`${name} failed: ${result.stderr}`)
  const peak = /peak (\d+) KB/.exec(result.stderr)?.[1]
  const memory = peak ? `${(Number(peak) / 1e6).toFixed(2)} GB at most` : 'memory not measured here'
  console.log(`${name}: ${((performance.now() - start) / 1000).toFixed(1)} s, ${memory}`)
}
