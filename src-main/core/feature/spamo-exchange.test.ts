import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import type { Core } from '../core.ts'
import { installTinyModel, makeVideos, testCore } from '../testing/workplace.ts'

const place = mkdtempSync(join(tmpdir(), 'signwright-spamo-'))
const MODEL = { modelId: ModelId.parse('tiny'), device: 'cpu' } as const
const ALL = { kind: 'all' } as const
const outDir = join(place, 'spamo')
let core: Core

beforeAll(async () => {
  await installTinyModel(place)
  core = await testCore(place)
  makeVideos(join(place, 'videos'), 2, 1)
})
afterAll(async () => {
  await core.close()
  rmSync(place, { recursive: true, force: true })
})

async function corpusOf(name: string, source: string) {
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(place, `${name}.signwright`), name })
  const settled = async (job: { id: Parameters<Core['settled']>[0] }) => {
    const ended = await core.settled(job.id, () => {})
    expect({ state: ended.state, problem: ended.problem }).toEqual({ state: 'done', problem: null })
    return ended
  }
  await settled(await api.importing.start({ source }))
  return { api, settled }
}

const python = process.env['SIGNWRIGHT_PYTHON'] ?? ''
const hasNumpy = python !== '' && spawnSync(python, ['-c', 'import numpy']).status === 0
if (!hasNumpy)
  process.stderr.write(
    'SpaMo’s way of loading is not tested: set SIGNWRIGHT_PYTHON to a Python with NumPy.\n',
  )

/** What SpaMo's data set does with these files: all but the last key are samples, features by id and postfix. */
const LOADER = `
import json, os, sys, numpy as np
root, name = sys.argv[1:3]
info = np.load(os.path.join(root, 'preprocess', name, 'all_info_ml.npy'), allow_pickle=True).item()
out = []
for i in range(len(info) - 1):
    s = info[i]
    spatial = np.load(os.path.join(root, 'clip-vit-large-patch14_feat_' + name, 'all', s['fileid'] + '_s2wrapping.npy'))
    motion = np.load(os.path.join(root, 'mae_feat_' + name, 'all', s['fileid'] + '_overlap-8.npy'))
    out.append([s['fileid'], s['num_frames'], str(spatial.dtype), spatial.shape[0], motion.shape[0]])
print(json.dumps(out))
`

test('features and annotations go to SpaMo and come back as a corpus that translates the same', async () => {
  const first = await corpusOf('Eins', join(place, 'videos'))
  await first.settled(await first.api.job.extract({ selection: ALL, ...MODEL, outDir }))
  const { files } = await first.api.exporting.spamo({ outDir, selection: ALL })
  expect(files).toEqual(
    ['all_info.npy', 'all_info_ml.npy'].map(name => join(outDir, 'preprocess', 'Eins', name)),
  )
  expect(existsSync(join(outDir, 'mae_feat_Eins', 'all', 'clip-00_overlap-8.npy'))).toBe(true)
  await first.settled(await first.api.job.translate({ selection: ALL, ...MODEL, name: 'own' }))
  const texts = async ({ api }: typeof first) =>
    Promise.all(
      (await api.clip.ids({})).map(async clipId => {
        const { name, hypotheses } = await api.clip.get({ clipId })
        return [name, hypotheses[0]?.text]
      }),
    )
  const own = await texts(first)
  rmSync(join(place, 'videos'), { recursive: true })

  const second = await corpusOf('Zwei', outDir)
  await second.settled(await second.api.job.translate({ selection: ALL, ...MODEL, name: 'imported' }))
  expect(await texts(second)).toEqual(own)
  const { rows } = await second.api.clip.list({})
  expect(rows.map(({ name, frames, hasFeatures }) => [name, frames, hasFeatures])).toEqual([
    ['clip-00', 25, true],
    ['clip-01', 25, true],
  ])
})

test.skipIf(!hasNumpy)('NumPy loads what was written as SpaMo does', () => {
  const { stdout, stderr } = spawnSync(python, ['-c', LOADER, outDir, 'Eins'], { encoding: 'utf8' })
  expect(stderr).not.toContain('Error')
  expect(JSON.parse(stdout)).toEqual([
    ['clip-00', 25, 'float32', 25, 2],
    ['clip-01', 25, 'float32', 25, 2],
  ])
})
