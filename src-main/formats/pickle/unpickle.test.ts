import { expect, test } from 'vitest'
import { type PickleHost, PickleTuple, unpickle } from './unpickle.ts'

const host: PickleHost = { where: 'FILE', resolve: () => undefined }
const read = (text: string) => unpickle(Buffer.from(text, 'latin1'), host)

test('reads plain data of protocols 2 and 4', () => {
  // pickle.dumps({'a': [1, 300, -5, 2**40, 1.5, None, True], 'b': ('x', (), b'z')}, n)
  const two =
    '\x80\x02}q\x00(X\x01\x00\x00\x00aq\x01]q\x02(K\x01M,\x01J\xfb\xff\xff\xff\x8a\x06\x00\x00\x00\x00\x00\x01G?\xf8\x00\x00\x00\x00\x00\x00N\x88eX\x01\x00\x00\x00bq\x03X\x01\x00\x00\x00xq\x04)K\x07\x87q\x05u.'
  const four =
    '\x80\x04\x95\x1b\x00\x00\x00\x00\x00\x00\x00}\x94(\x8c\x01a\x94]\x94(K\x01K\x02e\x8c\x01b\x94\x8c\x01x\x94)\x86\x94u.'
  expect(read(two)).toEqual(
    new Map<string, unknown>([
      ['a', [1, 300, -5, 2 ** 40, 1.5, null, true]],
      ['b', new PickleTuple(['x', new PickleTuple([]), 7])],
    ]),
  )
  expect(read(four)).toEqual(
    new Map<string, unknown>([
      ['a', [1, 2]],
      ['b', new PickleTuple(['x', new PickleTuple([])])],
    ]),
  )
})

test('names the Python object that it refuses', () => {
  expect(() => read('cposix\nsystem\nX\x02\x00\x00\x00ls\x85R.')).toThrow('posix.system')
  expect(() => read('\x80\x04\x8c\x08builtins\x8c\x04eval\x93.')).toThrow('builtins.eval')
})

test.each([
  ['a missing end', 'K\x01', 'cut off'],
  ['an empty stack', 's.', 'empty stack'],
  ['an unset memo slot', 'h\x07.', 'has not defined'],
  ['a group that was never opened', 't.', 'not opened'],
  ['a huge text', 'X\xff\xff\xff\x7fab.', 'cut off'],
  ['a huge integer', '\x8b\xff\xff\xff\x7f.', 'integer of'],
  ['an instruction for code', 'i.', '0x69'],
  ['a reference to outside data', 'K\x01Q.', 'outside itself'],
])('refuses %s', (_, pickle, message) => {
  expect(() => read(pickle)).toThrow(message)
})

test('takes 200,000 nested lists', () => {
  expect(read(`${']'.repeat(200_000)}${'a'.repeat(199_999)}.`)).toHaveLength(1)
})

test('keeps __proto__ a key like any other', () => {
  const value = read('}X\x09\x00\x00\x00__proto__}X\x01\x00\x00\x00xK\x01ss.')
  expect([value instanceof Map && value.has('__proto__'), ({} as { x?: number }).x]).toEqual([
    true,
    undefined,
  ])
})
