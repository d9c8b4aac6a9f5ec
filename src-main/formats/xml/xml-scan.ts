import { isBlank, MAX_ATTRIBUTE_LENGTH, MAX_DEPTH, sourceElement, type XmlElement } from './xml-element.ts'
import { longAttribute, xmlError } from './xml-error.ts'

/**
 * The elements of a plain XML text, five times as fast as the parser that knows all of XML; `null` for every text that
 * this scanner cannot vouch for (CDATA, instructions, names outside of ASCII, anything broken), which that parser then
 * reads or refuses with its reason. It refuses only attributes that are too long by itself. Extensible Markup Language 1.0, fifth edition, productions [1] to [44].
 */
export function scanPlainXml(source: string, file = ''): XmlElement | null {
  if (!isPlain(source)) return null
  const names = new Map<string, string>()
  const scan: Scan = { source, file, at: 0, line: 1, names }
  const declaration = DECLARATION.exec(source)
  if (declaration) skipTo(scan, declaration[0].length)
  let root: XmlElement | null = null
  let current: XmlElement | null = null
  let depth = 0
  for (;;) {
    const start = takeText(scan, current)
    if (start === null) return null
    if (start < 0) return current === null ? root : null
    const next = source.charCodeAt(start + 1)
    if (next === BANG) {
      if (!skipComment(scan, start)) return null
      continue
    }
    if (next === SLASH) {
      if (current === null || !closes(scan, current, start)) return null
      current = current.parent
      depth -= 1
      continue
    }
    if (current === null && root !== null) return null
    const opened: Opened | null = openTag(scan, start, current)
    if (opened === null) return null
    const { element, isClosed } = opened
    if (current === null) root = element
    else attach(current, element)
    if (isClosed) continue
    current = element
    depth += 1
    if (depth > MAX_DEPTH) return null
  }
}

interface Scan {
  readonly source: string
  readonly file: string
  at: number
  line: number
  /** One string for each name, so that names compare by identity. */
  readonly names: Map<string, string>
}

interface Opened {
  element: XmlElement
  isClosed: boolean
}

const [BANG, SLASH, GREATER, LESS, AMPERSAND, EQUALS, LINE_FEED] = [33, 47, 62, 60, 38, 61, 10]

const DECLARATION =
  /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.0"|'1\.0')(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"[A-Za-z][\w.-]*"|'[A-Za-z][\w.-]*'))?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>/

function isPlain(source: string): boolean {
  return (
    // oxlint-disable-next-line no-control-regex -- characters that XML forbids, and returns that are no line ends
    !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\r(?!\n)/.test(source) &&
    !source.includes(']]>') &&
    source.isWellFormed()
  )
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === LINE_FEED || code === 0x0d || code === 0x09
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || (code >= 48 && code <= 58) || code === 45 || code === 46
}

/** Goes to `end`, counting lines. */
function skipTo(scan: Scan, end: number): void {
  for (
    let at = scan.source.indexOf('\n', scan.at);
    at >= 0 && at < end;
    at = scan.source.indexOf('\n', at + 1)
  )
    scan.line += 1
  scan.at = end
}

/** Reads up to the next `<` and gives its place; -1 at the end of the text, `null` for what is not plain. */
function takeText(scan: Scan, current: XmlElement | null): number | null {
  const { source } = scan
  let at = scan.at
  let code = source.charCodeAt(at)
  for (; isSpace(code); code = source.charCodeAt(++at)) if (code === LINE_FEED) scan.line += 1
  if (Number.isNaN(code)) return -1
  const isEmpty = at === scan.at
  const hasOnlySpace = code === LESS
  const blanksFrom = scan.at
  scan.at = at
  if (!hasOnlySpace) {
    const end = source.indexOf('<', at)
    if (end < 0 || current === null) return null
    skipTo(scan, end)
  }
  if (isEmpty && hasOnlySpace) return scan.at
  if (current === null || (hasOnlySpace && isIndentation(scan, current))) return scan.at
  const text = resolved(source.slice(blanksFrom, scan.at).replaceAll('\r\n', '\n'))
  if (text === null) return null
  if (!current.children.length || !isBlank(text)) current.text += text
  return scan.at
}

/** White space that says nothing: behind a child, or before the first. */
function isIndentation({ source, at }: Scan, { children, text }: XmlElement): boolean {
  return children.length > 0 || (text === '' && isNameStart(source.charCodeAt(at + 1)))
}

function skipComment(scan: Scan, start: number): boolean {
  const { source } = scan
  if (!source.startsWith('<!--', start)) return false
  const end = source.indexOf('--', start + 4)
  if (end < 0 || source.charCodeAt(end + 2) !== GREATER) return false
  skipTo(scan, end + 3)
  return true
}

function closes(scan: Scan, element: XmlElement, start: number): boolean {
  const { source } = scan
  if (!source.startsWith(element.name, start + 2)) return false
  scan.at = start + 2 + element.name.length
  skipSpace(scan)
  if (source.charCodeAt(scan.at) !== GREATER) return false
  scan.at += 1
  element.closeStart = start
  element.end = scan.at
  return true
}

function attach(parent: XmlElement, child: XmlElement): void {
  if (parent.children.length) {
    parent.children.push(child)
    return
  }
  if (isBlank(parent.text)) parent.text = ''
  parent.children = [child]
}

function skipSpace(scan: Scan): boolean {
  const { source } = scan
  const from = scan.at
  for (let code = source.charCodeAt(scan.at); isSpace(code); code = source.charCodeAt(scan.at)) {
    if (code === LINE_FEED) scan.line += 1
    scan.at += 1
  }
  return scan.at > from
}

function takeName(scan: Scan): string | null {
  const { source, names } = scan
  const from = scan.at
  if (!isNameStart(source.charCodeAt(from))) return null
  do scan.at += 1
  while (isNamePart(source.charCodeAt(scan.at)))
  const name = source.slice(from, scan.at)
  const known = names.get(name)
  if (known !== undefined) return known
  names.set(name, name)
  return name
}

function openTag(scan: Scan, start: number, parent: XmlElement | null): Opened | null {
  const { source } = scan
  scan.at = start + 1
  const name = takeName(scan)
  if (name === null) return null
  const element = sourceElement(name, scan.line, start, parent)
  const { attributes } = element
  for (;;) {
    const hasSpace = skipSpace(scan)
    const code = source.charCodeAt(scan.at)
    const isClosed = code === SLASH && source.charCodeAt(scan.at + 1) === GREATER
    if (code === GREATER || isClosed) {
      scan.at += isClosed ? 2 : 1
      element.openEnd = element.closeStart = element.end = scan.at
      return { element, isClosed }
    }
    const attribute = hasSpace ? takeName(scan) : null
    if (attribute === null || attributes[attribute] !== undefined) return null
    const value = takeValue(scan, attribute)
    if (value === null) return null
    attributes[attribute] = value
  }
}

function takeValue(scan: Scan, attribute: string): string | null {
  const { source, file } = scan
  skipSpace(scan)
  if (source.charCodeAt(scan.at) !== EQUALS) return null
  scan.at += 1
  skipSpace(scan)
  const quote = source.charCodeAt(scan.at)
  if (quote !== 0x22 && quote !== 0x27) return null
  const from = (scan.at += 1)
  const { line } = scan
  let isPlainValue = true
  for (let code = source.charCodeAt(scan.at); code !== quote; code = source.charCodeAt(scan.at)) {
    if (code === LESS || Number.isNaN(code)) return null
    if (code === AMPERSAND || code < 0x20) {
      isPlainValue = false
      if (code === LINE_FEED) scan.line += 1
    }
    scan.at += 1
  }
  const raw = source.slice(from, scan.at)
  scan.at += 1
  // The whole parser would take a quarter of a minute to say the same.
  if (raw.length > MAX_ATTRIBUTE_LENGTH)
    throw xmlError(
      { file, line, column: from - source.lastIndexOf('\n', from) },
      longAttribute(attribute),
      'unsafe-file',
    )
  // White space in attributes becomes spaces (3.3.3); written as a reference it stays.
  return isPlainValue ? raw : resolved(raw.replace(/\r\n|[\t\n]/g, ' '))
}

const CHARACTERS: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function resolved(raw: string): string | null {
  if (!raw.includes('&')) return raw
  const [first = '', ...parts] = raw.split('&')
  let text = first
  for (const part of parts) {
    const end = part.indexOf(';')
    const character = end < 0 ? null : referred(part.slice(0, end))
    if (character === null) return null
    text += character + part.slice(end + 1)
  }
  return text
}

function referred(name: string): string | null {
  const known = CHARACTERS[name]
  if (known !== undefined) return known
  const [, decimal, hexadecimal] = /^#(?:(\d{1,7})|x([\da-fA-F]{1,6}))$/.exec(name) ?? []
  if (decimal === undefined && hexadecimal === undefined) return null
  const code = decimal === undefined ? Number.parseInt(hexadecimal as string, 16) : Number(decimal)
  const isCharacter =
    code === 0x09 ||
    code === LINE_FEED ||
    code === 0x0d ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  return isCharacter ? String.fromCodePoint(code) : null
}
