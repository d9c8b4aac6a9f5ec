import { expect, test } from 'vitest'
import { baseName, fileNameFor, joinPath } from './paths.ts'

test('joins with the separator that the core uses', () => {
  expect([
    joinPath('/home/anna', 'a'),
    joinPath('/', 'a'),
    joinPath('C:\\Users', 'a'),
    joinPath('C:\\', 'a'),
  ]).toEqual(['/home/anna/a', '/a', 'C:\\Users\\a', 'C:\\a'])
})

test('names the last part of a path', () => {
  expect(['/a/b/', 'C:\\a\\b.csv', '/'].map(baseName)).toEqual(['b', 'b.csv', ''])
})

test('makes a file name that every system takes', () => {
  expect(['Wetter: DGS/2', ' 天气 ', '...'].map(fileNameFor)).toEqual(['Wetter- DGS-2', '天气', 'corpus'])
})
