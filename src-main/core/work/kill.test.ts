import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import { openDatabase } from '../../db/open.ts'
import { readNpy } from '../../formats/npy.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

const KILLS = Number(process.env['SIGNWRIGHT_KILLS'] ?? 5)
const CLIPS = 24
const script = join(import.meta.dirname, '..', 'testing', 'extract-until-killed.ts')

async function setup() {
  const dataDir = temporaryFolder()
  const corpusDir = join(dataDir, 'Kill.signwright')
  await installTinyModel(dataDir)
  makeVideos(join(dataDir, 'videos'), CLIPS)
  const core = await testCore(dataDir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: corpusDir, name: 'Kill' })
  const job = await api.importing.start({ source: join(dataDir, 'videos') })
  expect((await core.settled(job.id, () => {})).state).toBe('done')
  await api.job.remove({ jobId: job.id })
  return { dataDir, corpusDir, core, api }
}

interface FeatureFile {
  key: string
  file: string
  madeAt: number
}

function featuresOf(corpusDir: string): FeatureFile[] {
  const db = openDatabase(join(corpusDir, 'corpus.sqlite'), { create: false })
  try {
    return db.prepare<[], FeatureFile>('SELECT key, file, made_at AS madeAt FROM feature ORDER BY key').all()
  } finally {
    db.close()
  }
}

/** Every feature that is on record is whole on disk. */
async function expectWhole(corpusDir: string, features: readonly FeatureFile[]): Promise<void> {
  for (const { file } of features) {
    const path = join(corpusDir, file)
    expect(existsSync(path)).toBe(true)
    const { shape, data } = await readNpy(path)
    expect(data.length).toBe(shape.reduce((product, size) => product * size, 1))
  }
}

function sameRecords(before: readonly FeatureFile[], after: readonly FeatureFile[]): boolean {
  const known = new Map(after.map(feature => [feature.key, feature.madeAt]))
  return before.every(feature => known.get(feature.key) === feature.madeAt)
}

test(
  `the core is killed ${KILLS} times while it extracts: nothing is lost, nothing is done twice`,
  { timeout: 600_000 },
  async () => {
    const { dataDir, corpusDir, core } = await setup()
    await core.close()
    let before: FeatureFile[] = []
    for (let kill = 0; kill < KILLS; kill++) {
      const child = spawn(process.execPath, [script, dataDir, corpusDir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const gone = new Promise(resolve => child.once('exit', resolve))
      await new Promise(resolve => child.stdout.once('data', resolve))
      await new Promise(resolve => setTimeout(resolve, 100 + ((kill * 389) % 900)))
      child.kill('SIGKILL')
      await gone
      const after = featuresOf(corpusDir)
      expect(sameRecords(before, after)).toBe(true)
      await expectWhole(corpusDir, after)
      before = after
    }

    const last = spawn(process.execPath, [script, dataDir, corpusDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    last.stdout.on('data', (part: Buffer) => (said += part.toString()))
    const code = await new Promise(resolve => last.once('exit', resolve))

    expect({ code, said }).toEqual({ code: 0, said: 'working\ndone\n' })
    const features = featuresOf(corpusDir)
    expect(features.length).toBe(2 * CLIPS)
    expect(sameRecords(before, features)).toBe(true)
    await expectWhole(corpusDir, features)
  },
)

test(
  `the engine is killed ${KILLS} times while it extracts: the job goes on and ends complete`,
  { timeout: 600_000 },
  async () => {
    const { corpusDir, core, api } = await setup()
    const job = await api.job.extract({
      selection: { kind: 'all' },
      modelId: ModelId.parse('tiny'),
      device: 'cpu',
    })
    let kills = 0
    const ended = await core.settled(job.id, ({ itemsDone }) => {
      // Some way into every fourth clip: a clip that is hit each time it is tried is given up in the end, and rightly.
      if (kills >= KILLS || itemsDone < kills * Math.floor(CLIPS / KILLS)) return
      kills += 1
      setTimeout(
        () => core.engine.pid() !== null && process.kill(core.engine.pid() ?? 0, 'SIGKILL'),
        (kills * 37) % 120,
      )
    })
    await core.close()

    expect(kills).toBe(KILLS)
    expect(ended).toMatchObject({ state: 'done', itemsDone: CLIPS, itemsFailed: 0 })
    const features = featuresOf(corpusDir)
    expect(features.length).toBe(2 * CLIPS)
    await expectWhole(corpusDir, features)
    const hidden = readdirSync(join(corpusDir, 'features'), { recursive: true, encoding: 'utf8' })
    expect(hidden.filter(name => /(^|\/)\.|\.partial$/.test(name))).toEqual([])
    expect(features.every(({ file }) => statSync(join(corpusDir, file)).size > 0)).toBe(true)
  },
)
