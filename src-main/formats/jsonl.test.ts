import { expect, test } from 'vitest'
import { readJsonl, stableJson, writeJsonl } from './jsonl.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

test('writes sorted keys and reads them back with line numbers', () => {
  const text = writeJsonl([
    { b: 1, a: { d: [2, { z: 1, y: 2 }], c: 'ü\u2028' } },
    { a: undefined, b: null },
  ])
  expect(text).toBe('{"a":{"c":"ü\\u2028","d":[2,{"y":2,"z":1}]},"b":1}\n{"b":null}\n')
  expect([...readJsonl(utf8(`\ufeff${text}\r\n[1]`))]).toEqual([
    { line: 1, value: { a: { c: 'ü\u2028', d: [2, { y: 2, z: 1 }] }, b: 1 } },
    { line: 2, value: { b: null } },
    { line: 4, value: [1] },
  ])
})

test('names the line that is not JSON', () => {
  expect(() => [...readJsonl(utf8('{"a":1}\n{"a":}\n'), 'x.jsonl')]).toThrow(
    expect.objectContaining({ code: 'corrupt-file', details: { file: 'x.jsonl', line: 2 } }),
  )
})

test('keeps the order of lists and leaves values alone', () => {
  expect(stableJson([3, 1, 2, 'b', { b: [], a: {} }])).toBe('[3,1,2,"b",{"a":{},"b":[]}]')
})
