import { describe, expect, test } from 'vitest'
import { canonicalXml } from '../testing/canonical-xml.ts'
import { NO_REAL_FILES, realFiles } from '../testing/real-files.ts'
import type { XmlElement } from '../xml/xml-element.ts'
import { eafDefects } from './eaf-defects.ts'
import { readEaf, valueOf, writeEaf } from './eaf-document.ts'
import { setAnnotationValue } from './eaf-edit.ts'
import { repairEaf } from './eaf-repair.ts'

const files = realFiles('.eaf', '.etf')

test.skipIf(files.length)('real EAF files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(files)('$name', ({ name, bytes }) => {
  test('is the same, byte for byte, after opening and saving', () => {
    expect(Buffer.from(writeEaf(readEaf(bytes, name))).equals(bytes)).toBe(true)
  })

  test.skipIf(!bytes.length)('is canonically the same when every element is written from the model', () => {
    const eaf = readEaf(bytes, name)
    const touchAll = (element: XmlElement) => {
      element.isTagChanged = element.isChanged = true
      if (!element.children.length) element.isTextChanged = true
      for (const child of element.children) touchAll(child)
    }
    touchAll(eaf.xml.root)
    expect(canonicalXml(writeEaf(eaf))).toEqual(canonicalXml(bytes))
  })

  test('changes one line when one value is edited', () => {
    const eaf = readEaf(bytes, name)
    const annotation = eaf.tiers
      .flatMap(tier => tier.annotations)
      .find(one => eaf.annotationsById.get(one.id)?.length === 1 && /^\w+$/.test(valueOf(one)))
    if (!annotation) return
    setAnnotationValue(eaf, annotation.id, 'something else')
    const [before, after] = [bytes, writeEaf(eaf)].map(all => Buffer.from(all).toString().split('\n'))
    expect(after!.filter((line, i) => line !== before![i])).toEqual([
      expect.stringContaining('<ANNOTATION_VALUE>something else</ANNOTATION_VALUE>'),
    ])
  })

  test('has nothing left that can be mended after a repair, and keeps its annotations', () => {
    const eaf = readEaf(bytes, name)
    const count = eaf.annotationsById.size
    const { left } = repairEaf(eaf)
    const mendable = new Set([
      'element-order',
      'missing-parent-tier',
      'byte-order-mark',
      'duplicate-annotation-id',
      'bad-date',
      'missing-language',
    ])
    expect(left.filter(({ code }) => mendable.has(code))).toEqual([])
    expect(readEaf(writeEaf(eaf), name).annotationsById.size).toBe(count)
    expect(eafDefects(eaf).every(({ line, message, repair }) => line >= 0 && message && repair)).toBe(true)
  })
})
