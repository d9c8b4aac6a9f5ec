import { expect, test } from 'vitest'
import { emptyDocument, plainAnnotation, plainTier } from '../annotation-document.ts'
import { planAnnotations, planAnnotationsAs, readAnnotations } from '../convert.ts'
import { FLEX } from '../testing/flex-fixture.ts'

const read = (text: string, file = 'a.flextext') => readAnnotations(Buffer.from(text), file)

test('phrases, words and morphemes become tiers with a tier for each further kind of item', () => {
  const { document, defects } = read(FLEX)
  const rows = document.tiers.map(({ name, parent, stereotype, annotations }) => [
    name,
    stereotype,
    parent ?? '',
    annotations.map(({ startMs, endMs, value }) => `${startMs}–${endMs} ${value}`).join(', '),
  ])
  expect(rows).toEqual([
    ['Ada', 'none', '', '1000–3000 1, 5000–6000 3'],
    ['phrase-gls-en@Ada', 'symbolic-association', 'Ada', '1000–3000 I am going.'],
    ['phrase-note-en@Ada', 'symbolic-association', 'Ada', '1000–3000 loud'],
    ['phrase-note-en (2)@Ada', 'symbolic-association', 'Ada', '1000–3000 points at the door'],
    ['word-txt-xyz@Ada', 'symbolic-subdivision', 'Ada', '1000–2000 kurrin, 2000–3000 !, 5000–6000 kurrin'],
    ['word-gls-en@Ada', 'symbolic-association', 'word-txt-xyz@Ada', '1000–2000 I go'],
    ['word-pos-en@Ada', 'symbolic-association', 'word-txt-xyz@Ada', '1000–2000 v'],
    ['morph-txt-xyz@Ada', 'symbolic-subdivision', 'word-txt-xyz@Ada', '1000–1500 kur, 1500–2000 -in'],
    ['morph-gls-en@Ada', 'symbolic-association', 'morph-txt-xyz@Ada', '1000–1500 go, 1500–2000 1SG'],
    ['morph-type@Ada', 'symbolic-association', 'morph-txt-xyz@Ada', '1000–1500 stem, 1500–2000 suffix'],
    ['Bo', 'none', '', '3000–5000 2'],
    ['phrase-gls-en@Bo', 'symbolic-association', 'Bo', '3000–5000 Yes.'],
    ['word-txt-xyz@Bo', 'symbolic-subdivision', 'Bo', '3000–5000 lo'],
  ])
  expect(document.media.map(({ url, mimeType }) => [url, mimeType])).toEqual([
    ['file:///recordings/home.wav', 'audio/x-wav'],
  ])
  expect(document.properties).toEqual([{ name: 'title (en)', value: 'Going home' }])
  expect([document.extras.map(({ sentence }) => sentence), defects]).toEqual([
    [
      '3 ids of texts, paragraphs or word forms are left out.',
      '2 attributes (fonts, states of analysis …) are left out.',
    ],
    [],
  ])
})

test('what was read is written as the same text, but for what was told', () => {
  const first = read(FLEX)
  const { losses, write } = planAnnotations(first, 'x.none', 'b.flextext')
  expect(losses.map(({ code }) => code)).toEqual(['flex-ids', 'flex-attributes', 'unaligned'])
  const again = read(Buffer.from(write()).toString()).document
  const plain = ({ tiers }: typeof again) =>
    tiers.map(tier => ({
      ...tier,
      annotations: tier.annotations.map(({ startMs, endMs, value }) => ({ startMs, endMs, value })),
    }))
  expect(plain(again)).toEqual(plain(first.document))
})

test('any tiers make a text that FLEx can read: words and translations below their sentence', () => {
  const line = (
    id: string,
    value: string,
    [startMs, endMs]: [number, number],
    parentId: string | null = null,
  ) => ({
    ...plainAnnotation({ id, startMs, endMs, value }),
    parentId,
    isAligned: parentId === null,
  })
  const { losses, write } = planAnnotationsAs('flextext', {
    ...emptyDocument(),
    tiers: [
      {
        ...plainTier('Sentence', [line('a1', 'Das Haus.', [0, 1000])]),
        participant: 'Sentence',
        language: 'de',
      },
      {
        ...plainTier('Word', [line('a2', 'Haus', [0, 500], 'a1'), line('a3', '.', [500, 1000], 'a1')]),
        parent: 'Sentence',
        stereotype: 'symbolic-subdivision',
        participant: 'Sentence',
        language: 'de',
      },
      {
        ...plainTier('Translation', [line('a4', 'The house.', [0, 1000], 'a1')]),
        parent: 'Sentence',
        stereotype: 'symbolic-association',
        participant: 'Sentence',
        language: 'en',
      },
      plainTier('Hands', [line('a5', 'both', [200, 400])]),
    ],
  })
  expect(losses.map(({ sentence }) => sentence)).toEqual([
    '5 annotations lose their ids.',
    '2 tiers get other names, such as “word-txt-de@Sentence” for “Word”.',
    '1 tier without a participant gets one of its own name.',
    '2 tiers come at other places: each stands below what it hangs on.',
  ])
  expect(Buffer.from(write()).toString().replace(/>\s+</g, '><')).toBe(
    [
      '<?xml version="1.0" encoding="utf-8"?><document version="2"><interlinear-text><paragraphs><paragraph><phrases>',
      '<phrase begin-time-offset="0" end-time-offset="1000" speaker="Sentence">',
      '<item type="txt" lang="de">Das Haus.</item>',
      '<words><word><item type="txt" lang="de">Haus</item></word><word><item type="punct" lang="de">.</item></word></words>',
      '<item type="gls" lang="en">The house.</item></phrase>',
      '<phrase begin-time-offset="200" end-time-offset="400" speaker="Hands">',
      '<item type="txt" lang="und">both</item><words/></phrase>',
      '</phrases></paragraph></paragraphs><languages><language lang="de" vernacular="true"/>',
      '<language lang="en"/><language lang="und" vernacular="true"/></languages></interlinear-text></document>\n',
    ].join(''),
  )
})

test('other XML, broken XML and times that are none are told with their line', () => {
  expect(() => read('<ANNOTATION_DOCUMENT/>', 'b.flextext')).toThrow(
    'b.flextext, line 1, column 1: this is no interlinear text of FLEx: the file begins with <ANNOTATION_DOCUMENT>',
  )
  expect(() => read('<document version="2"/>', 'b.flextext')).toThrow('holds no <interlinear-text>')
  expect(() => read('<document>\n<interlinear-text>', 'b.flextext')).toThrow('b.flextext, line 2')
  const { defects } = read(FLEX.replace('"5000"', '"soon"').replace('"1000"', '"9000"'))
  expect(defects.map(({ code, line }) => `${line} ${code}`)).toEqual(['8 end-before-begin', '33 bad-time'])
})
