import { expect, test } from 'vitest'
import { readWmtXml } from './wmt-xml.ts'
import { writeWmtXml } from './write-wmt-xml.ts'

test('what is written reads back: references of each translator, outputs of each system, videos', () => {
  const text = writeWmtXml({
    name: 'Wetter',
    signLanguage: 'gsg',
    textLanguage: 'de',
    systems: ['A & B', 'Leer'],
    documents: [
      {
        id: 'tag <1>',
        segments: [
          {
            video: 'a.mp4#t=0,1.5',
            references: ['Regen & Wind', 'Wind'],
            outputs: ['  Regen\nWind ', undefined],
          },
          { video: 'b.mp4#t=2,3', references: [], outputs: ['Sonne', 'Schnee'] },
        ],
      },
    ],
  })
  const { dataset, entries, references, videos, language } = readWmtXml(Buffer.from(text), 'wmt.xml')
  const plain = (all: typeof entries) => all.map(({ system, name, text: said }) => [system, name, said])
  expect({ dataset, language, entries: plain(entries), references: plain(references) }).toEqual({
    dataset: 'Wetter',
    language: 'de',
    entries: [
      ['A & B', 'tag <1>-001', '  Regen\nWind '],
      ['A & B', 'tag <1>-002', 'Sonne'],
      ['Leer', 'tag <1>-002', 'Schnee'],
    ],
    references: [
      ['translator-A', 'tag <1>-001', 'Regen & Wind'],
      ['translator-B', 'tag <1>-001', 'Wind'],
    ],
  })
  expect([...videos]).toEqual([
    ['tag <1>-001', 'a.mp4#t=0,1.5'],
    ['tag <1>-002', 'b.mp4#t=2,3'],
  ])
})
