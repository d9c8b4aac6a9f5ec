import { encodeXml } from './xml-encoding.ts'
import type { XmlDocument } from './xml-tree.ts'
import type { XmlElement } from './xml-element.ts'

/** Everything that was not edited comes out as it came in, character for character. */
export function writeXml(document: XmlDocument): Uint8Array {
  return encodeXml(printXml(document), document.encoding)
}

export function printXml(document: XmlDocument): string {
  return printed(document, null)
}

/** The written bytes, and on which of their lines (from 1) an element of the tree begins. */
export function writeXmlWithLines(document: XmlDocument): {
  bytes: Uint8Array
  lineOf: (element: XmlElement) => number
} {
  const lines: PrintedLines = { now: 1, of: new Map() }
  const bytes = encodeXml(printed(document, lines), document.encoding)
  function lineOf(element: XmlElement): number {
    let at: XmlElement | null = element
    while (at && !lines.of.has(at)) at = at.parent
    // What was copied in one piece keeps its distance from where the piece begins.
    return at ? lines.of.get(at)! + element.line - at.line : element.line
  }
  return { bytes, lineOf }
}

interface PrintedLines {
  now: number
  of: Map<XmlElement, number>
}

function printed({ source, root }: XmlDocument, lines: PrintedLines | null): string {
  if (root.start >= 0 && !root.isChanged) return source
  const out: string[] = []
  const printer: Printer = {
    source,
    out,
    lines,
    eol: source.includes('\r\n') ? '\r\n' : '\n',
    unit: indentUnit(source),
  }
  put(printer, source.slice(0, Math.max(root.start, 0)))
  print(printer, root, 0)
  put(printer, source.slice(Math.max(root.end, 0)))
  return out.join('')
}

function put({ out, lines }: Printer, ...texts: string[]): void {
  out.push(...texts)
  if (!lines) return
  for (const text of texts)
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.now += 1
}

interface Printer {
  source: string
  out: string[]
  lines: PrintedLines | null
  eol: string
  unit: string
}

function print(printer: Printer, element: XmlElement, depth: number): void {
  const { source, lines } = printer
  lines?.of.set(element, lines.now)
  if (element.start >= 0 && !element.isChanged) {
    put(printer, source.slice(element.start, element.end))
    return
  }
  const isInSource = element.start >= 0
  const wasEmptyTag = isInSource && element.closeStart === element.end
  const hasContent = element.children.length > 0 || element.text !== '' || (isInSource && !wasEmptyTag)
  if (!isInSource || element.isTagChanged || wasEmptyTag) put(printer, startTag(element, hasContent))
  else put(printer, source.slice(element.start, element.openEnd))
  if (!hasContent) return
  printContent(printer, element, depth)
  if (isInSource && !wasEmptyTag) put(printer, source.slice(element.closeStart, element.end))
  else put(printer, `</${element.name}>`)
}

function printContent(printer: Printer, element: XmlElement, depth: number): void {
  const { source } = printer
  if (element.isTextChanged && !element.children.length) {
    put(printer, escapeText(element.text))
    return
  }
  const before = element.sourceChildren ?? (element.start >= 0 ? element.children : [])
  const gaps = gapsBefore(before, element, source)
  const newLine = `${printer.eol}${printer.unit.repeat(depth + 1)}`
  const kept = new Set(element.children)
  const spare = keptRemarks(before, kept, gaps)
  if (element.isTextChanged) put(printer, escapeText(element.text))
  for (const child of element.children) {
    put(printer, spare.get(child) ?? '', gaps.get(child) ?? blankLike(gaps, newLine))
    print(printer, child, depth + 1)
  }
  put(printer, spare.get(null) ?? '', tail(printer, element, before, depth))
}

/** The source text in front of each child: white space, comments, stray characters. */
function gapsBefore(before: XmlElement[], element: XmlElement, source: string): Map<XmlElement, string> {
  const gaps = new Map<XmlElement, string>()
  let from = element.openEnd
  for (const child of before) {
    gaps.set(child, source.slice(from, child.start))
    from = child.end
  }
  return gaps
}

/** Comments in front of a removed child stay, in front of the next one that is still there (`null`: the end). */
function keptRemarks(
  before: XmlElement[],
  kept: Set<XmlElement>,
  gaps: Map<XmlElement, string>,
): Map<XmlElement | null, string> {
  const spare = new Map<XmlElement | null, string>()
  let waiting = ''
  for (const child of before) {
    const gap = gaps.get(child) ?? ''
    if (!kept.has(child)) {
      if (gap.trim()) waiting += gap
      continue
    }
    if (waiting) spare.set(child, waiting)
    waiting = ''
  }
  if (waiting) spare.set(null, waiting)
  return spare
}

/** New elements stand on lines of their own unless the ones around them do not. */
function blankLike(gaps: Map<XmlElement, string>, newLine: string): string {
  for (const gap of gaps.values()) if (/^\s*$/.test(gap)) return gap
  return newLine
}

function tail(printer: Printer, element: XmlElement, before: XmlElement[], depth: number): string {
  const last = before.at(-1)
  const from = last ? last.end : element.openEnd
  const rest =
    element.start >= 0 && element.closeStart > from ? printer.source.slice(from, element.closeStart) : ''
  if (last || rest.trim() || !element.children.length) return rest
  return `${printer.eol}${printer.unit.repeat(depth)}`
}

function startTag({ name, attributes }: XmlElement, hasContent: boolean): string {
  let tag = `<${name}`
  for (const key of Object.keys(attributes)) tag += ` ${key}="${escapeAttribute(attributes[key]!)}"`
  return `${tag}${hasContent ? '>' : '/>'}`
}

function indentUnit(source: string): string {
  return /<ANNOTATION_DOCUMENT[^>]*>\r?\n([ \t]+)</.exec(source.slice(0, 4096))?.[1] ?? '    '
}

const TEXT_ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }
const ATTRIBUTE_ESCAPES: Record<string, string> = {
  ...TEXT_ESCAPES,
  '"': '&quot;',
  '\n': '&#10;',
  '\t': '&#9;',
}

function escapeText(text: string): string {
  return soundXmlText(text).replace(/[&<>\r]/g, character => TEXT_ESCAPES[character]!)
}

function escapeAttribute(text: string): string {
  return soundXmlText(text).replace(/[&<>"\r\n\t]/g, character => ATTRIBUTE_ESCAPES[character]!)
}

// oxlint-disable-next-line no-control-regex -- XML 1.0 has no way to write these, not even as references
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g

/** Whether XML can hold this text as it is. */
export function isXmlText(text: string): boolean {
  return text.search(FORBIDDEN) < 0 && text.isWellFormed()
}

/** The text with a replacement character for each that XML cannot hold. */
export function soundXmlText(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').toWellFormed()
}
