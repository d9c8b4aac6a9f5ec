import { expect, test } from 'vitest'
import { childOf, insertChild, removeElement, setAttribute, setText } from './xml-edit.ts'
import { parseXml, type XmlDocument } from './xml-tree.ts'
import { newElement } from './xml-element.ts'
import { printXml, writeXml } from './xml-write.ts'

const parse = (text: string) => parseXml(Buffer.from(text), 'a.eaf')

function at(document: XmlDocument, ...names: string[]) {
  return names.reduce((element, name) => childOf(element, name)!, document.root)
}

test('refuses what is not XML with line, column and a remedy', () => {
  expect(() => parse('<a>\n  <b></c>\n</a>')).toThrow(
    'a.eaf, line 2, column 10: unexpected close tag. Restore an earlier copy, or mend this place in a text editor.',
  )
  expect(() => parse('<a>')).toThrow(/line 1, column 4: unclosed tag: a/)
  expect(() => parse('<a b="1" b="2"/>')).toThrow(/duplicate attribute/)
  expect(() => parse('<a>&nbsp;</a>')).toThrow(/undefined entity/)
  expect(() => parse('plain text')).toThrow(/a\.eaf, line 1/)
})

test('refuses a document type, and so the bombs that can be built with one', () => {
  const bomb = '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x "xxxx"><!ENTITY y "&x;&x;&x;">]>\n<a>&y;</a>'
  expect(() => parse(bomb)).toThrow(
    expect.objectContaining({ code: 'unsafe-file', message: expect.stringContaining('line 2') }),
  )
})

test('refuses nesting of more than 200 elements with the line', () => {
  const deep = (levels: number) => parse(`${'<a>\n'.repeat(levels)}${'</a>'.repeat(levels)}`)
  expect(deep(200).root.name).toBe('a')
  expect(() => deep(201)).toThrow(
    expect.objectContaining({ code: 'unsafe-file', message: expect.stringContaining('line 201') }),
  )
})

test('writes an untouched file as it was, whatever its encoding', () => {
  const text = `<?xml version="1.0"?>\r\n<!-- ü --><a  b = 'x &lt; "y"'><c/><d></d>&#x41;<![CDATA[<]]></a>\r\n`
  const latin = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>`, 'latin1')
  for (const bytes of [
    Buffer.from(text),
    Buffer.from(`\uFEFF${text}`),
    Buffer.from(`\uFEFF${text}`, 'utf16le'),
    latin,
  ])
    expect(Buffer.from(writeXml(parseXml(bytes, 'a.eaf')))).toEqual(bytes)
})

test('writes a Latin-1 file as UTF-8, and says so in it, once it holds other letters', () => {
  const document = parseXml(
    Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?><a>ü</a>`, 'latin1'),
    'a.eaf',
  )
  setText(document.root, '手')
  expect(Buffer.from(writeXml(document)).toString()).toBe(`<?xml version="1.0" encoding="UTF-8"?><a>手</a>`)
})

test('changes only what was edited', () => {
  const document = parse(`<a>\n  <!-- one -->\n  <b x='1'  y="2">old</b>\n  <c/>\n  <d  z='&amp;'/>\n</a>\n`)
  setText(at(document, 'b'), 'a < b\r&')
  insertChild(at(document, 'c'), newElement('e', { t: '"\n' }))
  expect(printXml(document)).toBe(
    `<a>\n  <!-- one -->\n  <b x='1'  y="2">a &lt; b&#13;&amp;</b>\n  <c>\n        <e t="&quot;&#10;"/>\n    </c>\n  <d  z='&amp;'/>\n</a>\n`,
  )
})

test('keeps the comments around elements that are removed', () => {
  const document = parse('<a>\n  <b/>\n  <!-- about c -->\n  <c/>\n  <d/>\n</a>')
  removeElement(at(document, 'c'))
  removeElement(at(document, 'b'))
  expect(printXml(document)).toBe('<a>\n  <!-- about c -->\n  \n  <d/>\n</a>')
})

test('writing what is there already is no edit', () => {
  const document = parse('<a b="1">x</a>')
  setAttribute(document.root, 'b', '1')
  setText(document.root, 'x')
  expect(document.root.isChanged).toBe(false)
})

test('refuses an attribute of more than 64 MB with its place', () => {
  const long = `<a>\n  <b c="${'x'.repeat(64 * 1024 * 1024 + 1)}"/>\n</a>`
  expect(() => parse(long)).toThrow(
    expect.objectContaining({
      code: 'unsafe-file',
      message: expect.stringContaining('line 2, column 9: the attribute c is longer than 64 MB'),
    }),
  )
})
