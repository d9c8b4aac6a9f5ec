import { expect, test } from 'vitest'
import { EAF } from '../testing/eaf-fixture.ts'
import { type EafDefect, eafDefects } from './eaf-defects.ts'
import { readEaf, writeEaf } from './eaf-document.ts'
import {
  addAlignedAnnotation,
  addReferringAnnotation,
  addTier,
  removeAnnotation,
  removeTier,
  renameTier,
  setAnnotationTimes,
  setAnnotationValue,
} from './eaf-edit.ts'
import { repairEaf } from './eaf-repair.ts'
import { eafToDocument } from './eaf-to-document.ts'

const read = (text = EAF) => readEaf(Buffer.from(text), 'a.eaf')

/** The lines that an edit took away and those that it brought. */
function changedLines(edit: (eaf: ReturnType<typeof read>) => void, text = EAF) {
  const eaf = read(text)
  edit(eaf)
  const [before, after] = [text.split('\n'), Buffer.from(writeEaf(eaf)).toString().split('\n')]
  const trimmed = (lines: string[], others: string[]) => {
    const left = [...others]
    return lines
      .filter(line => !(left.includes(line) && left.splice(left.indexOf(line), 1)))
      .map(line => line.trim())
  }
  return { gone: trimmed(before, after), come: trimmed(after, before) }
}

function spans(text = EAF) {
  const all = eafToDocument(read(text)).tiers.flatMap(({ annotations }) => annotations)
  return Object.fromEntries(
    all.map(({ id, startMs, endMs, isAligned }) => [id, `${startMs}–${endMs}${isAligned ? '' : '?'}`]),
  )
}

const defects = (text: string) => eafDefects(read(text)).map(({ code, line }: EafDefect) => `${code}:${line}`)

test('works out times for unaligned slots and for symbolic children', () => {
  expect(spans()).toEqual({
    a1: '1000–4000',
    a2: '6000–7000',
    a3: '1000–2000?',
    a4: '2000–3000?',
    a5: '3000–4000?',
    a6: '2000–2500?',
    a7: '2500–3000?',
    a8: '2500–3000?',
  })
})

test('gives the neutral model with parents, stereotypes and links, and counts what it cannot hold', () => {
  const document = eafToDocument(read())
  expect(
    document.tiers.map(({ name, stereotype, parent, vocabulary }) => [name, stereotype, parent, vocabulary]),
  ).toEqual([
    ['Sentence ', 'none', null, ''],
    ['Word', 'time-subdivision', 'Sentence ', ''],
    ['Part', 'symbolic-subdivision', 'Word', ''],
    ['Gloss', 'symbolic-association', 'Part', 'Glosses'],
  ])
  expect(
    document.tiers.flatMap(({ annotations }) =>
      annotations.map(({ id, parentId, value }) => [id, parentId, value]),
    ),
  ).toEqual([
    ['a1', null, 'one two\nthree'],
    ['a2', null, ''],
    ['a3', 'a1', 'one'],
    ['a4', 'a1', 'two'],
    ['a5', 'a1', 'three'],
    ['a6', 'a4', 'tw'],
    ['a7', 'a4', 'o'],
    ['a8', 'a7', 'TWO'],
  ])
  expect(document.media.map(({ timeOriginMs }) => timeOriginMs)).toEqual([0, 5000])
  expect(document.extras.map(({ sentence }) => sentence)).toEqual([
    '1 part that only EAF has is left out: REF_LINK_SET ×1.',
  ])
})

test('finds nothing wrong with a good file', () => {
  expect(defects(EAF)).toEqual([])
})

test.each([
  ['DATE="2024-05-31T12:00:00+02:00"', 'DATE="Tue Sep 19 2006"', ['bad-date:2']],
  [
    'TIME_SLOT_REF2="ts4">\n                <ANNOTATION_VALUE>one two',
    'TIME_SLOT_REF2="ts99">\n                <ANNOTATION_VALUE>one two',
    ['missing-slot:19', 'no-length:19', 'outside-parent:32', 'outside-parent:37', 'outside-parent:42'],
  ],
  ['ANNOTATION_ID="a2"', 'ANNOTATION_ID="a1"', ['duplicate-annotation-id:25']],
  ['PARENT_REF="Part"', 'PARENT_REF="Nobody"', ['missing-parent-tier:59', 'wrong-tier:61']],
  ['ANNOTATION_REF="a7"', 'ANNOTATION_REF="a77"', ['missing-annotation:61']],
  [
    'ANNOTATION_ID="a6" ANNOTATION_REF="a4"',
    'ANNOTATION_ID="a6" ANNOTATION_REF="a4" PREVIOUS_ANNOTATION="a7"',
    ['circular-previous:49'],
  ],
  ['TIME_VALUE="6000"', 'TIME_VALUE="8000"', ['unordered-slots:15', 'end-before-begin:25']],
  ['TIME_VALUE="7000"', 'TIME_VALUE="7000.6"', ['bad-time:15', 'no-length:25']],
  ['LINGUISTIC_TYPE_REF="gloss"', 'LINGUISTIC_TYPE_REF="glos"', ['missing-type:59']],
  [
    '<LANGUAGE LANG_DEF="" LANG_ID="und" LANG_LABEL="undetermined"/>',
    '',
    ['missing-language:73', 'missing-language:75'],
  ],
  ['<ANNOTATION_VALUE>TWO</ANNOTATION_VALUE>', '', ['missing-value:61']],
  ['PARENT_REF="Sentence "', 'PARENT_REF="Gloss"', null],
])('tells what is wrong with %s → %s, and mends it', (from, to, expected) => {
  const text = EAF.replace(from, to)
  if (expected) expect(defects(text)).toEqual(expected)
  const eaf = read(text)
  repairEaf(eaf)
  const again = eafDefects(read(Buffer.from(writeEaf(eaf)).toString())).map(({ code }) => code)
  expect(
    again.filter(code => !['no-length', 'outside-parent', 'wrong-tier', 'wrong-kind'].includes(code)),
  ).toEqual([])
})

test('opens an empty file as a document without tiers and says so', () => {
  const eaf = readEaf(new Uint8Array(), 'empty.eaf')
  expect(eafDefects(eaf).map(({ code }) => code)).toEqual(['empty-file'])
  expect(writeEaf(eaf)).toEqual(new Uint8Array())
})

test('says what a file is that is no ELAN document', () => {
  expect(() => read('<tei/>')).toThrow(
    'a.eaf, line 1, column 1: this is no ELAN document; it begins with <tei>.',
  )
})

test('an edit of a value or a time changes one line', () => {
  expect(changedLines(eaf => setAnnotationValue(eaf, 'a3', 'ONE & more'))).toEqual({
    gone: ['<ANNOTATION_VALUE>one</ANNOTATION_VALUE>'],
    come: ['<ANNOTATION_VALUE>ONE &amp; more</ANNOTATION_VALUE>'],
  })
  expect(changedLines(eaf => setAnnotationTimes(eaf, 'a2', 6500, 7000))).toEqual({
    gone: ['<TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="6000"/>'],
    come: ['<TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="6500"/>'],
  })
})

test('adds an annotation with slots in their place and counts ELAN’s counter on', () => {
  const { gone, come } = changedLines(eaf =>
    addAlignedAnnotation(eaf, 'Sentence ', { startMs: 4500, endMs: 5000, value: 'new' }),
  )
  expect(gone).toEqual(['<PROPERTY NAME="lastUsedAnnotationId">8</PROPERTY>'])
  expect(come).toEqual([
    '<PROPERTY NAME="lastUsedAnnotationId">9</PROPERTY>',
    '<TIME_SLOT TIME_SLOT_ID="ts7" TIME_VALUE="4500"/>',
    '<TIME_SLOT TIME_SLOT_ID="ts8" TIME_VALUE="5000"/>',
    '<ALIGNABLE_ANNOTATION ANNOTATION_ID="a9" TIME_SLOT_REF1="ts7" TIME_SLOT_REF2="ts8">',
    '<ANNOTATION_VALUE>new</ANNOTATION_VALUE>',
    '</ALIGNABLE_ANNOTATION>',
    '<ANNOTATION>',
    '</ANNOTATION>',
  ])
})

test('puts a part between two others of a chain', () => {
  const eaf = read()
  addReferringAnnotation(eaf, 'Part', { parentId: 'a4', previousId: 'a6', value: 'w' })
  const part = eafToDocument(eaf).tiers.find(({ name }) => name === 'Part')
  expect(part?.annotations.map(({ value, startMs }) => [value, startMs])).toEqual([
    ['tw', 2000],
    ['w', 2333],
    ['o', 2667],
  ])
})

test('removes what depends on a removed annotation, closes its chain and drops unused slots', () => {
  const eaf = read()
  expect(removeAnnotation(eaf, 'a1').toSorted()).toEqual(['a1', 'a3', 'a4', 'a5', 'a6', 'a7', 'a8'])
  expect(eafDefects(read(Buffer.from(writeEaf(eaf)).toString()))).toEqual([])
  expect(eaf.slots.map(({ id }) => id)).toEqual(['ts5', 'ts6'])
  expect(changedLines(one => removeAnnotation(one, 'a6')).come).toEqual([
    '<REF_ANNOTATION ANNOTATION_ID="a7" ANNOTATION_REF="a4">',
  ])
})

test('renames, adds and removes tiers', () => {
  expect(changedLines(eaf => renameTier(eaf, 'Word', 'Sign')).come).toEqual([
    '<TIER LINGUISTIC_TYPE_REF="word" PARENT_REF="Sentence " TIER_ID="Sign">',
    '<TIER LINGUISTIC_TYPE_REF="part" PARENT_REF="Sign" TIER_ID="Part">',
  ])
  expect(changedLines(eaf => addTier(eaf, 'More', { typeName: 'sentence' }))).toEqual({
    gone: [],
    come: ['<TIER LINGUISTIC_TYPE_REF="sentence" TIER_ID="More"/>'],
  })
  const eaf = read()
  removeTier(eaf, 'Word')
  expect(eaf.tiers.map(({ name }) => name)).toEqual(['Sentence '])
  expect(() => renameTier(eaf, 'Word', 'x')).toThrow('There is no tier "Word".')
})
