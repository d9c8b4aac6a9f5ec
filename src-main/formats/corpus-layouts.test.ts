import { expect, test } from 'vitest'
import { how2SignColumns, how2SignSigner, how2SignSplit } from './how2sign.ts'
import { listedClip } from './listed-clip.ts'
import { phoenixColumns, phoenixFolders, phoenixSplit } from './phoenix.ts'

test('tells the tables of PHOENIX-2014T and their split by name', () => {
  const names = [
    'PHOENIX-2014-T.train.corpus.csv',
    'PHOENIX-2014-T.dev.corpus.csv',
    'PHOENIX-2014-T.test.skiping-header.corpus.csv',
    'PHOENIX-2014-T.train-complex-annotation.corpus.csv',
    'sentences.csv',
  ]
  expect(names.map(phoenixSplit)).toEqual(['train', 'dev', 'test', null, null])
})

test('reads a row of PHOENIX-2014T', () => {
  const columns = phoenixColumns('name|video|start|end|speaker|orth|translation'.split('|')) ?? []
  const cells =
    '11August-2|11August-2/1/*.png|-1|-1|Signer08|DRUCK TIEF KOMMEN|tiefer luftdruck bestimmt das wetter'.split(
      '|',
    )
  expect(listedClip({ line: 2, cells }, columns, 'seconds')).toEqual({
    line: 2,
    name: '11August-2',
    file: '11August-2/1/*.png',
    split: '',
    signer: 'Signer08',
    language: '',
    text: 'tiefer luftdruck bestimmt das wetter',
    gloss: 'DRUCK TIEF KOMMEN',
    startMs: null,
    endMs: null,
  })
})

test('looks for the pictures with and without the level 1, and never outside', () => {
  expect(phoenixFolders({ name: 'a-2', file: 'a-2/1/*.png' })).toEqual(['a-2/1', 'a-2'])
  expect(phoenixFolders({ name: 'a', file: '../../etc/1/*.png' })).toEqual(['a/1', 'a'])
})

test('reads a row of How2Sign', () => {
  const header = [
    'VIDEO_ID',
    'VIDEO_NAME',
    'SENTENCE_ID',
    'SENTENCE_NAME',
    'START_REALIGNED',
    'END_REALIGNED',
    'SENTENCE',
  ]
  const cells = ['-d5', '-d5-1-rgb_front', '-d5_0', '-d5_0-1-rgb_front', '12.97', '19.52', 'We go.']
  const clip = listedClip({ line: 2, cells }, how2SignColumns(header) ?? [], 'seconds')
  expect(clip).toMatchObject({
    name: '-d5_0-1-rgb_front',
    file: '-d5-1-rgb_front',
    startMs: 12_970,
    endMs: 19_520,
    text: 'We go.',
  })
  expect(how2SignSigner(clip.file)).toBe('signer-1')
  expect(how2SignColumns(['SENTENCE_NAME', 'SENTENCE'])).toBeNull()
  expect(['how2sign_realigned_val.csv', 'how2sign_test.csv', 'table.csv'].map(how2SignSplit)).toEqual([
    'val',
    'test',
    '',
  ])
})
