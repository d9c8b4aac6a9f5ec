import { SaxesParser } from 'saxes'
import { isBlank, MAX_ATTRIBUTE_LENGTH, MAX_DEPTH, sourceElement, type XmlElement } from './xml-element.ts'
import { decodeXml, type XmlEncoding } from './xml-encoding.ts'
import { longAttribute, xmlError } from './xml-error.ts'
import { scanPlainXml } from './xml-scan.ts'

export interface XmlDocument {
  source: string
  root: XmlElement
  encoding: XmlEncoding
}

/** Reads well-formed XML without a document type; anything else is an error with its line and column. */
export function parseXml(bytes: Uint8Array, file: string): XmlDocument {
  const { text, encoding } = decodeXml(bytes, file)
  return { source: text, root: scanPlainXml(text, file) ?? parseText(text, file), encoding }
}

/** All of XML, and the reason where it is none. */
export function parseText(source: string, file: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false })
  const fail = (reason: string, code: 'corrupt-file' | 'unsafe-file' = 'corrupt-file'): never => {
    throw xmlError({ file, line: parser.line, column: parser.columnIndex + 1 }, reason, code)
  }
  let root: XmlElement | null = null
  let current: XmlElement | null = null
  let depth = 0

  parser.on('error', error => fail(plainReason(error.message)))
  parser.on('doctype', () =>
    fail('the file has a document type (DOCTYPE), which annotation files never need', 'unsafe-file'),
  )
  parser.on('attribute', ({ name, value }) => {
    if (value.length > MAX_ATTRIBUTE_LENGTH) fail(longAttribute(name), 'unsafe-file')
  })
  parser.on('opentagstart', ({ name }) => {
    depth += 1
    if (depth > MAX_DEPTH) fail(`elements are nested more than ${MAX_DEPTH} deep`, 'unsafe-file')
    const start = source.lastIndexOf('<', parser.position - 1)
    // A line end right behind the name has been counted already.
    const line = source.charCodeAt(parser.position - 1) === 10 ? parser.line - 1 : parser.line
    const element = sourceElement(name, line, start, current)
    if (current && !current.children.length && isBlank(current.text)) current.text = ''
    if (current?.children.length) current.children.push(element)
    else if (current) current.children = [element]
    root ??= element
    current = element
  })
  parser.on('opentag', tag => {
    const element = current as XmlElement
    for (const name in tag.attributes) element.attributes[name] = tag.attributes[name]!
    element.openEnd = element.closeStart = element.end = parser.position
  })
  const addText = (text: string) => {
    if (current && !(current.children.length && isBlank(text))) current.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', tag => {
    const element = current as XmlElement
    element.end = parser.position
    if (!tag.isSelfClosing) element.closeStart = source.lastIndexOf('</', parser.position - 1)
    current = element.parent
    depth -= 1
  })
  parser.write(source).close()
  return root ?? fail('there is no element')
}

/** The parser puts `line:column: ` in front and ends with a full stop. */
function plainReason(message: string): string {
  return message.replace(/^(?:.*?:)?\d+:\d+: /, '').replace(/\.$/, '')
}
