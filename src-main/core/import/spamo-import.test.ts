import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSpamoInfo, writeSpamoInfo } from '../../formats/spamo-info.ts'
import { encodeNpy } from '../../formats/npy.ts'
import { writePickle } from '../../formats/pickle/write-pickle.ts'
import { testContext } from '../testing/corpus.ts'
import { memoryDatabase } from '../../db/open.ts'
import { GOLDEN, hasGolden } from '../../engine/testing/golden.ts'
import { createImportService } from './import.service.ts'
import { ImportSource } from '#shared/contract/transfer.ts'
import {
  addFrames,
  addText,
  counts,
  newFolder,
  removeFoldersAfterAll,
  setupImport,
} from './testing/videos.ts'

removeFoldersAfterAll()

const sample = (fileId: string, frames: number, folder = `dev/${fileId}/*.png`) => ({
  fileId,
  folder,
  signer: 'Signer01',
  gloss: 'REGEN',
  text: `es regnet in ${fileId}`,
  frames,
  originalInfo: '',
  tag: 'phoenix14t',
})

async function corpusWithDir() {
  const dir = await newFolder()
  const context = testContext(memoryDatabase(), dir)
  const service = createImportService(context)
  return {
    dir,
    db: context.db,
    run: (source: string, more = {}) =>
      service.run(ImportSource.parse({ source, ...more }), {
        signal: new AbortController().signal,
        onProgress: () => {},
      }),
  }
}

const features = (rows: number, columns: number) =>
  encodeNpy(
    Float32Array.from({ length: rows * columns }, (_, at) => at),
    [rows, columns],
  )

function addFeature(folder: string, name: string, bytes: Uint8Array): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, name), bytes)
}

test('annotations with released features become clips without pictures that have features', async () => {
  const root = await newFolder()
  writeFileSync(join(root, 'dev_info.npy'), writeSpamoInfo('./x', [sample('a', 42), sample('b', 9)], false))
  addFeature(join(root, 'PHOENIX14T', 'spa_feat_p14t', 'dev'), 'a.npy', features(42, 8))
  addFeature(join(root, 'PHOENIX14T', 'mo_feat_p14t', 'dev'), 'a.npy', features(4, 4))
  addFeature(join(root, 'PHOENIX14T', 'spa_feat_p14t', 'dev'), 'b.npy', encodeNpy(new Float32Array(0), [0]))
  const { run, db, dir } = await corpusWithDir()
  const result = await run(root, { format: 'spamo-info' })
  expect([counts(result), result.issues.map(({ message }) => message)]).toEqual([
    { added: 2, changed: 0, known: 0, broken: 0 },
    expect.arrayContaining([expect.stringContaining('b.npy holds no rows')]),
  ])
  const stored = db
    .prepare(
      `SELECT clip.name, kind, rows, columns, extractor_fingerprint AS extractor, file FROM feature
       JOIN media USING (content_hash) JOIN clip ON clip.media_id = media.id ORDER BY kind`,
    )
    .all() as { file: string }[]
  expect(stored).toMatchObject([
    { name: 'a', kind: 'motion', rows: 4, columns: 4, extractor: 'imported, unverified' },
    { name: 'a', kind: 'spatial', rows: 42, columns: 8, extractor: 'imported, unverified' },
  ])
  expect(stored.every(({ file }) => existsSync(join(dir, file)))).toBe(true)
  expect(counts(await run(root, { format: 'spamo-info' }))).toEqual({
    added: 0,
    changed: 0,
    known: 2,
    broken: 0,
  })
})

test('pictures that come later take the place of what was only described', async () => {
  const root = await newFolder()
  writeFileSync(join(root, 'dev_info.npy'), writeSpamoInfo('./x', [sample('a', 42)], false))
  const { run, db } = await corpusWithDir()
  await run(root)
  await addFrames(join(root, 'dev', 'a'), 20)
  const result = await run(root)
  expect(counts(result)).toEqual({ added: 0, changed: 1, known: 0, broken: 0 })
  expect(
    db
      .prepare('SELECT is_absent, frames, last_frame FROM media JOIN clip ON media_id = media.id')
      .raw()
      .all(),
  ).toEqual([[0, 20, 19]])
})

test('names that lead out of the folder are refused', async () => {
  const root = await newFolder()
  writeFileSync(join(root, 'dev_info.npy'), writeSpamoInfo('./x', [sample('../../etc/passwd', 3)], false))
  const { preview } = setupImport()
  const { counts: found, issues } = await preview(root, { format: 'spamo-info' })
  expect([found.broken, issues[0]?.message]).toEqual([1, expect.stringContaining('outside the folder')])
})

test.skipIf(!hasGolden)("Python's annotation file and pictures import as they are", async () => {
  const root = await newFolder()
  cpSync(join(GOLDEN, 'annotations', 'dev_info_ml.npy'), join(root, 'dev_info_ml.npy'))
  for (const clip of ['clip_a', 'clip_b', 'clip_c'])
    cpSync(join(GOLDEN, 'frames', clip), join(root, 'features', 'fullFrame-256x256px', 'dev', clip), {
      recursive: true,
    })
  const corpus = setupImport()
  expect(counts(await corpus.run(root))).toEqual({ added: 3, changed: 0, known: 0, broken: 0 })
  const expected = readSpamoInfo(readFileSync(join(root, 'dev_info_ml.npy')), 'x').samples
  expect(
    corpus
      .clips()
      .map(({ name, text, gloss, signer, split, language, lastFrame }) => [
        name,
        text,
        gloss,
        signer,
        split,
        language,
        lastFrame,
      ]),
  ).toEqual(
    expected.map(({ fileId, text, gloss, signer, frames }) => [
      fileId,
      text,
      gloss,
      signer,
      'dev',
      'de',
      (frames ?? 0) - 1,
    ]),
  )
  rmSync(root, { recursive: true })
})

test('CSL-Daily: labels from the pickle, splits from the text file, pictures by name', async () => {
  const root = await newFolder()
  const info = (name: string, length: number) =>
    new Map<string, string | number | string[]>([
      ['name', name],
      ['length', length],
      ['label_gloss', ['今天', '天气', '好']],
      ['label_char', ['今', '天', '天', '气', '很', '好', '。']],
      ['signer', 3],
    ])
  const labels = join(root, 'sentence_label')
  await addText(
    join(labels, 'csl2020ct_v2.pkl'),
    writePickle(new Map([['info', [info('S000000_P0000_T00', 20), info('S000001_P0001_T00', 3)]]])),
  )
  await addText(
    join(labels, 'split_1.txt'),
    'name|split\nS000000_P0000_T00|train\nS000001_P0001_T00|test\nS000005_P0004_T00|train\n',
  )
  const frames = join(root, 'sentence_frames-512x512')
  await addFrames(join(frames, 'S000000_P0000_T00'), 20)
  await addFrames(join(frames, 'S000001_P0001_T00'))
  const corpus = setupImport()
  const { issues } = await corpus.preview(root)
  expect(issues.map(({ severity, message }) => [severity, message.slice(0, 40)])).toContainEqual([
    'warning',
    'S000005_P0004_T00 is in the split, but t',
  ])
  expect(counts(await corpus.run(root))).toEqual({ added: 2, changed: 0, known: 0, broken: 0 })
  expect(
    corpus
      .clips()
      .map(({ name, text, gloss, split, language, signer }) => [name, text, gloss, split, language, signer]),
  ).toEqual([
    ['S000000_P0000_T00', '今天天气很好。', '今天 天气 好', 'train', 'zh', 'Signer03'],
    ['S000001_P0001_T00', '今天天气很好。', '今天 天气 好', 'test', 'zh', 'Signer03'],
  ])
})
