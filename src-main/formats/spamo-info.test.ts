import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSpamoInfo, spamoInfoName, type SpamoEntry, writeSpamoInfo } from './spamo-info.ts'
import { readObjectPickle } from './pickle/object-array.ts'
import { plainValue } from './pickle/plain-value.ts'
import { writePickle } from './pickle/write-pickle.ts'

const GOLDEN = resolve(import.meta.dirname, '../../../shared/golden/spamo/annotations')
const hasGolden = existsSync(GOLDEN)
if (!hasGolden)
  process.stderr.write(`Tests on SpaMo's annotation files are skipped: ${GOLDEN} is not there.\n`)

type Sample = Record<string, string | number | null | Record<string, string | number>>

const golden = (name: string) => readSpamoInfo(readFileSync(join(GOLDEN, name)), name)
const json = (name: string) => JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as Record<string, Sample>

describe.skipIf(!hasGolden)('annotation files that Python wrote', () => {
  test.each([
    'dev_info',
    'dev_info_ml',
    'noprefix_info',
    'corrnet_csl_info',
    'how2sign_info',
    'numpy2_info_ml',
  ])('reads every sample of %s', name => {
    const expected = Object.entries(json(`${name === 'numpy2_info_ml' ? 'dev_info_ml' : name}.json`))
    const { prefix, samples } = golden(`${name}.npy`)
    expect(prefix).toBe(expected.find(([key]) => key === 'prefix')?.[1] ?? null)
    expect(
      samples.map(({ index, fileId, folder, gloss, text, frames, signer }) => [
        [String(index), fileId, folder, gloss, text],
        [frames, signer],
      ]),
    ).toEqual(
      expected
        .filter(([key]) => key !== 'prefix')
        .map(([key, sample]) => [
          [
            key,
            sample['fileid'],
            sample['folder'],
            sample['gloss'] ?? sample['label'] ?? '',
            sample['text'] ?? '',
          ],
          [Number(sample['num_frames']), sample['signer'] ?? ''],
        ]),
    )
  })

  test('reads translations without their zero-width spaces, and the times of How2Sign', () => {
    expect(golden('dev_info_ml.npy').samples[1]?.translations).toEqual({
      en: 'Tomorrow the sun stays by the sea and it gets warm.',
      es: 'Mañana el sol se queda en la costa.',
      fr: 'Demain le soleil reste au bord de la mer.',
    })
    const [sample] = golden('how2sign_info.npy').samples
    expect([sample?.startSeconds, sample?.endSeconds, sample?.gloss]).toEqual([2.5, 6.04, ''])
  })

  test.each([
    ['os_system', 'unsafe-file', 'posix.system'],
    ['builtins_eval', 'unsafe-file', 'eval'],
    ['nested_in_sample', 'unsafe-file', 'posix.system'],
    ['stack_global_proto4', 'unsafe-file', 'posix.system'],
    ['truncated_stream', 'corrupt-file', 'cut off'],
    ['truncated_header', 'corrupt-file', 'cut off'],
    ['empty', 'corrupt-file', 'empty'],
    ['not_npy', 'corrupt-file', 'no NumPy file'],
    ['huge_unicode_length', 'corrupt-file', 'cut off'],
    ['missing_stop', 'corrupt-file', 'cut off'],
    ['bad_memo_get', 'corrupt-file', 'not defined'],
    ['stack_underflow', 'corrupt-file', 'empty stack'],
    ['deep_nesting', 'corrupt-file', 'deep'],
  ])('refuses %s', (name, code, words) => {
    expect(() => golden(`hostile/${name}.npy`)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) }),
    )
  })

  test('keeps __proto__ and constructor keys like any other', () => {
    const read = () => golden('hostile/proto_key.npy')
    try {
      read()
    } catch (error) {
      expect(error).toMatchObject({ code: 'corrupt-file' })
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.getPrototypeOf({})).toBe(Object.prototype)
  })
})

const ENTRIES: SpamoEntry[] = [
  {
    fileId: 'a',
    folder: 'dev/a/*.png',
    signer: 'Signer01',
    gloss: 'REGEN',
    text: 'es regnet in köln 雨',
    frames: 70_000,
    originalInfo: '',
    tag: 'signwright',
    translations: { en: 'It rains.' },
  },
]

test('reads back what it writes', () => {
  expect(readSpamoInfo(writeSpamoInfo('./x', ENTRIES, true), 'dev_info_ml.npy')).toEqual({
    prefix: './x',
    padding: [],
    samples: [{ ...ENTRIES[0], index: 0, startSeconds: null, endSeconds: null }],
  })
})

test('knows the names of annotation files', () => {
  expect(['dev_info.npy', 'train_info_ml.npy', 'x.npy'].map(spamoInfoName)).toEqual([
    { split: 'dev', isMultilingual: false },
    { split: 'train', isMultilingual: true },
    null,
  ])
})

test('takes padding samples and files without a prefix', () => {
  const sample = new Map([['fileid', 'a']])
  const bytes = writePickle(
    new Map<string | number, ReadonlyMap<string, string>>([
      [0, sample],
      [1, new Map()],
    ]),
  )
  expect(plainValue(readObjectPickle(bytes, 'x'), 'x')).toEqual({ 0: { fileid: 'a' }, 1: {} })
})

const python = process.env['SIGNWRIGHT_PYTHON'] ?? ''
const hasNumpy = python !== '' && spawnSync(python, ['-c', 'import numpy']).status === 0
if (!hasNumpy)
  process.stderr.write('Exchange with NumPy is not tested: set SIGNWRIGHT_PYTHON to a Python that has it.\n')

test.skipIf(!hasNumpy)('numpy.load(allow_pickle=True).item() gives the dictionary', () => {
  const dir = mkdtempSync(join(tmpdir(), 'signwright-info-'))
  try {
    const file = join(dir, 'dev_info_ml.npy')
    writeFileSync(file, writeSpamoInfo('./x', ENTRIES, true))
    const code =
      'import json, sys, numpy; print(json.dumps(numpy.load(sys.argv[1], allow_pickle=True).item()))'
    const { stdout, stderr } = spawnSync(python, ['-c', code, file], { encoding: 'utf8' })
    expect(stderr).not.toContain('Error')
    expect(JSON.parse(stdout)).toEqual({
      prefix: './x',
      0: {
        fileid: 'a',
        folder: 'dev/a/*.png',
        signer: 'Signer01',
        gloss: 'REGEN',
        text: 'es regnet in köln 雨',
        num_frames: 70_000,
        original_info: '',
        tag: 'signwright',
        en_text: 'It rains.',
      },
    })
  } finally {
    rmSync(dir, { recursive: true })
  }
})
