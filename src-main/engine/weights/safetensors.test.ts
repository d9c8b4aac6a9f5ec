import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { GOLDEN, goldenJson, hasGolden, temporaryFolder } from '../testing/golden.ts'
import { writeRawSafetensors, writeSafetensors } from '../testing/safetensors-writer.ts'
import { storedValues } from '../testing/stored-values.ts'
import { openModelFolder } from './open-weights.ts'
import { openSafetensors } from './safetensors.ts'
import { readFloat32 } from './tensor.ts'

function refusal(path: string): AppError {
  try {
    using store = openSafetensors(path)
    for (const tensor of store.tensors.values()) tensor.readBytes()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error(`${path} was accepted`)
}

test('reads back what was written', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'model.safetensors')
  const data = Float32Array.of(1, -2, 3.5, 1e-30, 5, 6)
  writeSafetensors(path, { a: { shape: [2, 3], data }, scalar: { shape: [], data: Float32Array.of(7) } })
  using store = openSafetensors(path)
  const read = [...store.tensors.values()].map(tensor => [
    tensor.name,
    tensor.shape,
    [...readFloat32(tensor)],
  ])
  expect(read).toEqual([
    ['a', [2, 3], [...data]],
    ['scalar', [], [7]],
  ])
})

test('reads sharded weights through their index and refuses names outside the folder', () => {
  using folder = temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  writeSafetensors(at('one.safetensors'), { a: { shape: [1], data: Float32Array.of(1) } })
  writeSafetensors(at('two.safetensors'), { b: { shape: [1], data: Float32Array.of(2) } })
  writeFileSync(
    at('model.safetensors.index.json'),
    JSON.stringify({ weight_map: { a: 'one.safetensors', b: 'two.safetensors' } }),
  )
  {
    using store = openModelFolder(folder.path)
    expect([...store.tensors.values()].map(tensor => readFloat32(tensor)[0])).toEqual([1, 2])
  }
  writeFileSync(
    at('model.safetensors.index.json'),
    JSON.stringify({ weight_map: { a: '../one.safetensors' } }),
  )
  expect(() => openModelFolder(folder.path)).toThrow('outside its folder')
  writeFileSync(at('model.safetensors.index.json'), JSON.stringify({ weight_map: { c: 'one.safetensors' } }))
  expect(() => openModelFolder(folder.path)).toThrow("promises the tensor 'c'")
})

test.each([
  ['no tensor data', '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 0, 'cut off'],
  ['a hole', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}', 8, 'hole'],
  ['bytes left over', '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 8, 'belong to no tensor'],
  ['a fractional shape', '{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,6]}}', 6, 'impossible shape'],
  [
    'a type that is a property of every object',
    '{"a":{"dtype":"constructor","shape":[1],"data_offsets":[0,4]}}',
    4,
    'unknown type',
  ],
  ['an entry that is no object', '{"a":7}', 0, 'malformed'],
  ['a list', '[]', 0, 'no JSON object'],
])('refuses a file with %s', (_, header, bytes, message) => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'bad.safetensors')
  writeRawSafetensors(path, header, new Uint8Array(bytes))
  expect(refusal(path).message).toContain(message)
})

describe.skipIf(!hasGolden)('files of the safetensors library', () => {
  const cases = existsSync(join(GOLDEN, 'safetensors-cases'))
    ? readdirSync(join(GOLDEN, 'safetensors-cases')).filter(
        name => name.endsWith('.safetensors') && !/^(valid|proto_key)\./.test(name),
      )
    : []

  test('reads every type it knows', () => {
    using store = openSafetensors(join(GOLDEN, 'safetensors-cases/valid.safetensors'))
    const expected = goldenJson<Record<string, { shape: number[]; values: (number | string)[] }>>(
      'safetensors-cases/valid.json',
    )
    for (const [name, { shape, values }] of Object.entries(expected)) {
      const tensor = store.tensors.get(name)
      expect({ shape: tensor?.shape, values: tensor && storedValues(tensor) }).toEqual({
        shape,
        values: values.map(Number),
      })
    }
    expect(store.tensors.size).toBe(Object.keys(expected).length)
  })

  test('takes a tensor called __proto__ as a name like any other', () => {
    using store = openSafetensors(join(GOLDEN, 'safetensors-cases/proto_key.safetensors'))
    expect([[...store.tensors.keys()], Object.keys(Object.prototype)]).toEqual([['__proto__'], []])
  })

  test.each(cases)('refuses %s', name => {
    const error = refusal(join(GOLDEN, 'safetensors-cases', name))
    expect(error.code).toBe('corrupt-file')
    expect(error.message).toContain(name)
  })
})
