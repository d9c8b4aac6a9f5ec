import { SaxesParser } from 'saxes'
import { AppError } from '#shared/contract/errors.ts'
import { decodeXml, type XmlEncoding } from './xml-encoding.ts'

/**
 * An element over its source text. Only elements have objects; white space, comments and instructions between
 * them stay in the source, from where the writer copies whatever was not edited.
 */
export interface XmlElement {
  name: string
  readonly attributes: Record<string, string>
  children: XmlElement[]
  parent: XmlElement | null
  /** Character data directly inside, references resolved; empty where it is only white space between elements. */
  text: string
  /** Counted from 1; 0 for an element that is not from the file. */
  line: number
  /** Places in the source: `<`, behind the start tag, the `<` of the end tag, behind it. -1 for a new element. */
  start: number
  openEnd: number
  closeStart: number
  end: number
  /** The start tag differs from the source. */
  isTagChanged: boolean
  isTextChanged: boolean
  /** This element, or one below it, differs from the source. */
  isChanged: boolean
  /** The children of the source, once they were changed. */
  sourceChildren: XmlElement[] | null
}

export interface XmlDocument {
  source: string
  root: XmlElement
  encoding: XmlEncoding
}

const MAX_DEPTH = 200
const MAX_ATTRIBUTE_LENGTH = 64 * 1024 * 1024

const REMEDY = 'Restore an earlier copy, or mend this place in a text editor.'

/** Reads well-formed XML without a document type; anything else is an error with its line and column. */
export function parseXml(bytes: Uint8Array, file: string): XmlDocument {
  const { text, encoding } = decodeXml(bytes, file)
  return { source: text, root: parseText(text, file), encoding }
}

export function newElement(name: string, attributes: Record<string, string> = {}, text = ''): XmlElement {
  return {
    name,
    attributes,
    children: [],
    parent: null,
    text,
    line: 0,
    start: -1,
    openEnd: -1,
    closeStart: -1,
    end: -1,
    isTagChanged: true,
    isTextChanged: true,
    isChanged: true,
    sourceChildren: null,
  }
}

/**
 * A record without a prototype, so that any name is only a name; but, unlike those of `Object.create(null)`, in the
 * compact form that objects of one class have. Large files have a million of them.
 */
const Attributes = function () {} as unknown as { new (): Record<string, string>; prototype: object }
Attributes.prototype = Object.create(null) as object

/** Leaves share it; `xml-edit` replaces it before a child is added. */
export const NO_CHILDREN: XmlElement[] = Object.freeze([]) as unknown as XmlElement[]

function sourceElement(name: string, line: number, start: number, parent: XmlElement | null): XmlElement {
  return {
    name,
    attributes: new Attributes(),
    children: NO_CHILDREN,
    parent,
    text: '',
    line,
    start,
    openEnd: start,
    closeStart: start,
    end: start,
    isTagChanged: false,
    isTextChanged: false,
    isChanged: false,
    sourceChildren: null,
  }
}

function parseText(source: string, file: string): XmlElement {
  const parser = new SaxesParser({ xmlns: false })
  const fail = (reason: string, code: 'corrupt-file' | 'unsafe-file' = 'corrupt-file'): never => {
    throw xmlError(file, parser.line, parser.columnIndex + 1, reason, code)
  }
  let root: XmlElement | null = null
  let current: XmlElement | null = null
  let depth = 0

  parser.on('error', error => fail(plainReason(error.message)))
  parser.on('doctype', () =>
    fail('the file has a document type (DOCTYPE), which annotation files never need', 'unsafe-file'),
  )
  parser.on('attribute', ({ name, value }) => {
    if (value.length > MAX_ATTRIBUTE_LENGTH) fail(`the attribute ${name} is longer than 64 MB`, 'unsafe-file')
  })
  parser.on('opentagstart', ({ name }) => {
    depth += 1
    if (depth > MAX_DEPTH) fail(`elements are nested more than ${MAX_DEPTH} deep`, 'unsafe-file')
    const element = sourceElement(name, parser.line, source.lastIndexOf('<', parser.position - 1), current)
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

function isBlank(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}

/** The parser puts `line:column: ` in front and ends with a full stop. */
function plainReason(message: string): string {
  return message.replace(/^(?:.*?:)?\d+:\d+: /, '').replace(/\.$/, '')
}

function xmlError(
  file: string,
  line: number,
  column: number,
  reason: string,
  code: 'corrupt-file' | 'unsafe-file',
): AppError {
  return new AppError(code, `${file}, line ${line}, column ${column}: ${reason}. ${REMEDY}`, {
    details: { file, line, column, reason },
  })
}
