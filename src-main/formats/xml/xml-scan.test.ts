import { expect, test } from 'vitest'
import { EAF } from '../testing/eaf-fixture.ts'
import { mutate, randomFrom } from '../testing/mutate.ts'
import { realFiles } from '../testing/real-files.ts'
import { decodeXml } from './xml-encoding.ts'
import type { XmlElement } from './xml-element.ts'
import { scanPlainXml } from './xml-scan.ts'
import { parseText } from './xml-tree.ts'

const flat = (element: XmlElement): unknown[] => {
  const { name, attributes, text, line, start, openEnd, closeStart, end, children } = element
  return [name, { ...attributes }, text, line, start, openEnd, closeStart, end, children.map(flat)]
}

test.each([
  ['an element', '<a/>'],
  ['a declaration', '<?xml version="1.0" encoding="UTF-8"?>\r\n<a>\r\n</a>\r\n'],
  ['comments', '<!-- x --><a><!-- y\n --><b> </b> z </a><!-- end -->'],
  ['white space and references in attributes', `<a b = "1\t2\r\n3&#10;4" c='"'\n d="&lt;&#x624B;"></a >`],
  ['text before, between and behind children', '<a> x <b/> \n <c/>y&amp;z\r\n</a>'],
  ['a space as text', '<a><b> </b><c>&#32;</c></a>'],
])('reads %s as the whole parser does', (_, text) => {
  expect(flat(scanPlainXml(text) as XmlElement)).toEqual(flat(parseText(text, 'a.xml')))
})

test.each([
  ['CDATA', '<a><![CDATA[x]]></a>'],
  ['a document type', '<!DOCTYPE a><a/>'],
  ['an instruction', '<a><?x y?></a>'],
  ['a name outside of ASCII', '<ä/>'],
  ['an end that opens nothing', '<a></b>'],
  ['no end', '<a><b></b>'],
  ['two roots', '<a/><b/>'],
  ['text outside of the root', '<a/>x'],
  ['an attribute twice', '<a b="1" b="2"/>'],
  ['attributes without space', '<a b="1"c="2"/>'],
  ['an unknown entity', '<a>&nbsp;</a>'],
  ['an entity without end', '<a>& b</a>'],
  ['a forbidden character', '<a>\u0001</a>'],
  ['a reference to one', '<a>&#1;</a>'],
  ['half of a character', '<a>\uD83D</a>'],
  ['two hyphens in a comment', '<a><!-- -- --></a>'],
  ['a lone return', '<a>x\ry</a>'],
  ['XML 1.1', '<?xml version="1.1"?><a/>'],
  ['nothing', ' \n'],
])('leaves %s to the whole parser', (_, text) => {
  expect(scanPlainXml(text)).toBeNull()
})

test('agrees with the whole parser on broken files, or leaves them to it', () => {
  const random = randomFrom(11)
  let read = 0
  for (let n = 0; n < 400; n++) {
    const { bytes } = mutate({ name: 'own.eaf', bytes: Buffer.from(EAF) }, random)
    const text = Buffer.from(bytes).toString('utf8')
    const scanned = scanPlainXml(text)
    if (!scanned) continue
    read += 1
    expect(flat(scanned)).toEqual(flat(parseText(text, 'a.eaf')))
  }
  expect(read).toBeGreaterThan(20)
})

test.each(realFiles('.eaf', '.etf', '.pfsx', '.ecv').filter(({ bytes }) => bytes.length > 0))(
  'reads $name as the whole parser does',
  ({ name, bytes }) => {
    const { text } = decodeXml(bytes, name)
    expect(flat(scanPlainXml(text) as XmlElement)).toEqual(flat(parseText(text, name)))
  },
)
