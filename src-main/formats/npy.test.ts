import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { decodeNpy, encodeNpy, readMatrix, readNpy, writeNpy } from './npy.ts'

/** `numpy.save` of `np.arange(6, dtype='<f4').reshape(2, 3)`, byte for byte (NumPy 1.26). */
const HEADER = `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`
const NUMPY_BYTES = Buffer.concat([
  Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 0x76, 0]),
  Buffer.from(`${HEADER.padEnd(117, ' ')}\n`),
  Buffer.from(Float32Array.of(0, 1, 2, 3, 4, 5).buffer),
])

test('writes the bytes that numpy.save writes', () => {
  expect(encodeNpy(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3]).equals(NUMPY_BYTES)).toBe(true)
})

test('every kind of number survives', () => {
  const kinds = [
    Float32Array.of(1.5, -2),
    Float64Array.of(Math.PI, -0),
    Float16Array.of(0.5, 65_504),
    Int8Array.of(-128, 127),
    Int16Array.of(-5, 5),
    Int32Array.of(-1, 2 ** 31 - 1),
    BigInt64Array.of(-1n, 2n ** 62n),
    Uint8Array.of(0, 255),
    Uint16Array.of(1, 65_535),
    Uint32Array.of(1, 2 ** 32 - 1),
    BigUint64Array.of(1n, 2n ** 64n - 1n),
  ]

  expect(kinds.map(data => decodeNpy(encodeNpy(data, [2])).data)).toEqual(kinds)
})

test('big-endian and column-major arrays read as the same numbers', () => {
  const text = NUMPY_BYTES.toString('latin1')
  const bigEndian = Buffer.from(text.replace('<f4', '>f4'), 'latin1')
  bigEndian.subarray(128).swap32()
  const turned = Buffer.from(text.replace('False,', 'True, '), 'latin1')

  expect([...decodeNpy(bigEndian).data]).toEqual([0, 1, 2, 3, 4, 5])
  expect([...decodeNpy(turned).data]).toEqual([0, 2, 4, 1, 3, 5])
})

test('scalars and empty arrays have their shapes', () => {
  expect(decodeNpy(encodeNpy(Float32Array.of(7), [])).shape).toEqual([])
  expect(decodeNpy(encodeNpy(new Float32Array(0), [0, 2048])).shape).toEqual([0, 2048])
})

test('objects, cut files and other files are refused by name', () => {
  const objects = Buffer.from(NUMPY_BYTES.toString('latin1').replace('<f4', '|O '), 'latin1')

  expect(() => decodeNpy(objects, 'info.npy')).toThrow('info.npy holds |O , not plain numbers')
  expect(() => decodeNpy(NUMPY_BYTES.subarray(0, 140), 'a.npy')).toThrow(
    'a.npy is cut off: it has 12 of 24 bytes',
  )
  expect(() => decodeNpy(Buffer.from('PK-something-else'), 'b.npy')).toThrow('b.npy is no NumPy array')
})

test('a written file is whole, alone, and reads back as a matrix', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'signwright-npy-'))
  const path = join(dir, 'deep', 'features.npy')

  await writeNpy(path, Float32Array.of(1, 2, 3, 4), [2, 2])

  expect(await readMatrix(path)).toEqual({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] })
  expect(await readdir(join(dir, 'deep'))).toEqual(['features.npy'])
  await expect(readNpy(join(dir, 'none.npy'))).rejects.toMatchObject({ code: 'not-found' })
})

test('a failed write leaves the old file and nothing else', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'signwright-npy-'))
  await writeFile(join(dir, 'a.npy'), 'old')

  await expect(writeNpy(join(dir, 'a.npy'), Float32Array.of(1), [2])).rejects.toThrow('do not fill')

  expect(await readdir(dir)).toEqual(['a.npy'])
})
