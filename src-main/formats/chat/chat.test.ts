import { expect, test } from 'vitest'
import { CHAT } from '../testing/chat-fixture.ts'
import { planAnnotationsAs, planAnnotations, readAnnotations } from '../convert.ts'
import { emptyDocument, plainAnnotation, plainTier } from '../annotation-document.ts'

const read = (text: string | Buffer, file = 'a.cha') => readAnnotations(Buffer.from(text), file)
const mark = (times: string) => `\u0015${times}\u0015`

test('speakers become tiers, their dependent lines tiers below them, named as ELAN names them', () => {
  const { document, defects } = read(CHAT)
  const rows = document.tiers.flatMap(({ name, parent, stereotype, annotations }) => [
    [name, stereotype, parent].join(' | '),
    ...annotations.map(
      ({ startMs, endMs, isAligned, value }) => `  ${startMs}–${endMs}${isAligned ? '' : ' ~'} ${value}`,
    ),
  ])
  expect(rows).toEqual([
    '*S01 | none | ',
    '  1000–2500 IX-1 GO HOME .',
    '  4000–5200 TOMORROW MORNING EARLY .',
    '%gls@S01 | symbolic-association | *S01',
    '  1000–2500 ~ I go home',
    '  4000–5200 ~ tomorrow, early in the morning',
    '%com@S01 | symbolic-subdivision | *S01',
    '  1000–1750 ~ left hand',
    '  1750–2500 ~ then right hand',
    '*INV | none | ',
    '  2500–4000 ~ when ?',
    '  5100–5600 good .',
  ])
  expect(document.tiers.map(({ participant, language }) => `${participant} ${language}`)).toEqual([
    'Ada ase',
    'Ada ',
    'Ada ',
    'INV eng',
  ])
  expect(document.media).toEqual([
    { url: 'session 1', relativeUrl: '', mimeType: 'video/*', timeOriginMs: 0, extractedFrom: '' },
  ])
  expect([document.author, document.properties]).toEqual([
    'Grace',
    [
      { name: '@ID', value: 'ase|corpus|S01|34;|female|||Participant|||' },
      { name: '@ID', value: 'eng|corpus|INV|||||Investigator|||' },
      { name: '@Date', value: '31-MAY-2024' },
      { name: '@Situation', value: 'at a table, with two cameras' },
    ],
  ])
  expect([document.extras.map(({ sentence }) => sentence), defects]).toEqual([
    ['1 header between utterances (@Comment, @G …) is left out.'],
    [],
  ])
})

test('what was read is written as the same lines, but for what was told', () => {
  const { losses, write } = planAnnotations(read(CHAT), 'x.none', 'b.cha')
  expect(losses.map(({ code }) => code)).toEqual(['chat-remarks', 'unaligned'])
  expect(Buffer.from(write()).toString()).toBe(
    CHAT.replace('@Comment:\tthe bell rings\n', '')
      .replace('table,\n\twith', 'table, with')
      .replace('MORNING\n\tEARLY', 'MORNING EARLY')
      .replace('when ?', `when ? ${mark('2500_4000')}`),
  )
})

test('byte order marks, carriage returns and time marks of old files are read', () => {
  const lines = [
    '@Begin',
    '@Participants:\tCHI Target_Child',
    `*CHI:\tone ${mark('%mov:"a.mov"_100_200')} two . ${mark('300_400-')}`,
    '*CHI:\tthree .',
    '%snd:\t"a.wav" 500 600',
    '%wor:\tthree \u0015500_550\u0015 .',
    '@End',
  ]
  const { document, defects } = read(`\uFEFF${lines.join('\r\n')}\r\n`)
  const [main, words] = document.tiers
  expect(main?.annotations.map(({ startMs, endMs, value }) => [startMs, endMs, value])).toEqual([
    [100, 400, 'one two .'],
    [500, 600, 'three .'],
  ])
  expect(words?.annotations[0]?.value).toBe('three .')
  expect(document.extras.map(({ sentence }) => sentence)).toEqual([
    '2 time marks inside of utterances or in dependent lines are left out.',
  ])
  expect(defects).toEqual([])
})

test('says of everything that is wrong where it is and what becomes of it', () => {
  const { defects } = read(
    ['%gls:\tearly', '*CHI:\ta \u00155_1\u0015', '*MOT:\tb \u001512', 'no line'].join('\n'),
  )
  expect(defects.map(({ code, line }) => `${line} ${code}`)).toEqual([
    '1 early-dependent',
    '2 end-before-begin',
    '3 broken-mark',
    '4 stray-line',
    '1 missing-frame',
    '4 missing-frame',
    '2 unknown-speaker',
    '3 unknown-speaker',
  ])
  expect(() => read('Dear all,\nhello\n', 'letter.cha')).toThrow(
    'letter.cha, line 1, column 1: this is no CHAT transcript',
  )
})

test('tiers with names that CHAT has no room for get codes, and the report says which', () => {
  const said = plainAnnotation({ id: 'a1', startMs: 0, endMs: 900, value: 'HOUSE\nBIG' })
  const meant = {
    ...plainAnnotation({ id: 'a2', startMs: 0, endMs: 900, value: 'a big house' }),
    isAligned: false,
  }
  const { losses, write } = planAnnotationsAs('cha', {
    ...emptyDocument(),
    tiers: [
      plainTier('Glosses, right', [said]),
      {
        ...plainTier('Translation', [{ ...meant, parentId: 'a1' }]),
        parent: 'Glosses, right',
        stereotype: 'symbolic-association',
      },
    ],
  })
  expect(losses.map(({ sentence }) => sentence)).toEqual([
    '2 annotations lose their ids.',
    '2 tiers get other names, such as “*GLOSSES” for “Glosses, right”.',
    '2 tiers without participants get ones of their own names.',
    '1 text has its line ends, tabs and outer blanks changed: a line of CHAT has none.',
    '1 text gets a full stop at its end, without which CHAT has no utterance.',
  ])
  expect(Buffer.from(write()).toString()).toBe(
    [
      '@UTF8',
      '@Begin',
      '@Languages:\tund',
      '@Participants:\tGLOSSES Participant',
      '@ID:\tund|corpus|GLOSSES|||||Participant|||',
      `*GLOSSES:\tHOUSE BIG . ${mark('0_900')}`,
      '%xtransl:\ta big house',
      '@End',
      '',
    ].join('\n'),
  )
})
