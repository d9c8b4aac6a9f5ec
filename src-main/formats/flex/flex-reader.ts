import { AppError } from '#shared/contract/errors.ts'
import { childrenOf } from '../xml/xml-edit.ts'
import type { XmlElement } from '../xml/xml-element.ts'
import { parseXml } from '../xml/xml-tree.ts'
import { type FlexItem, type FlexNode, type FlexPhrase, MORPH_TYPE, type ReadFlex } from './flex-text.ts'

/**
 * Reads interlinear texts of FLEx; several in one file are read as one after the other.
 * @throws AppError 'corrupt-file' or 'unsafe-file' with line and remedy for what is no XML or another kind of XML
 */
export function readFlex(bytes: Uint8Array, file: string): ReadFlex {
  const { root } = parseXml(bytes, file)
  const texts = root.name === 'document' ? childrenOf(root, 'interlinear-text') : []
  if (texts.length === 0)
    throw new AppError(
      'corrupt-file',
      `${file}, line ${root.line}, column 1: this is no interlinear text of FLEx: ${root.name === 'document' ? 'the document holds no <interlinear-text>' : `the file begins with <${root.name}>`}. Export it from FLEx as “FLExText Interlinear”.`,
      { details: { file, line: root.line, column: 1, root: root.name } },
    )
  const flex: ReadFlex = {
    items: [],
    phrases: [],
    languages: [],
    media: [],
    defects: [],
    left: { texts: texts.length - 1, paragraphs: 0, guids: 0, attributes: 0, elements: 0 },
  }
  countAttributes(flex, root, ['version'])
  for (const text of texts) readText(flex, text)
  return flex
}

function readText(flex: ReadFlex, text: XmlElement): void {
  countAttributes(flex, text, [])
  for (const child of text.children) {
    if (child.name === 'item') flex.items.push(itemOf(flex, child))
    else if (child.name === 'paragraphs') readParagraphs(flex, childrenOf(child, 'paragraph'))
    else if (child.name === 'languages') readLanguages(flex, childrenOf(child, 'language'))
    else if (child.name === 'media-files') readMedia(flex, child)
    else flex.left.elements += 1
  }
}

function readParagraphs(flex: ReadFlex, paragraphs: readonly XmlElement[]): void {
  flex.left.paragraphs += Math.max(0, paragraphs.length - 1)
  for (const paragraph of paragraphs) {
    countAttributes(flex, paragraph, [])
    for (const child of paragraph.children) {
      if (child.name !== 'phrases') flex.left.elements += 1
      else
        for (const phrase of child.children)
          if (phrase.name === 'phrase') flex.phrases.push(phraseOf(flex, phrase))
          else flex.left.elements += 1
    }
  }
}

function readLanguages(flex: ReadFlex, languages: readonly XmlElement[]): void {
  for (const language of languages) {
    const code = language.attributes['lang'] ?? ''
    countAttributes(flex, language, ['lang', 'vernacular'])
    const isVernacular = language.attributes['vernacular'] === 'true'
    if (code !== '' && !flex.languages.some(known => known.code === code))
      flex.languages.push({ code, isVernacular })
  }
}

function readMedia(flex: ReadFlex, files: XmlElement): void {
  countAttributes(flex, files, ['offset-type'])
  for (const media of childrenOf(files, 'media')) {
    const { guid = '', location = '' } = media.attributes
    countAttributes(flex, media, ['guid', 'location'])
    if (location !== '') flex.media.push({ guid, location })
  }
}

function phraseOf(flex: ReadFlex, element: XmlElement): FlexPhrase {
  const { attributes } = element
  countAttributes(flex, element, ['begin-time-offset', 'end-time-offset', 'speaker', 'media-file', 'guid'])
  return {
    ...nodeOf(flex, element, { group: 'words', member: 'word' }),
    speaker: attributes['speaker'] ?? '',
    span: spanOf(flex, element),
    mediaFile: attributes['media-file'] ?? '',
  }
}

function spanOf(flex: ReadFlex, { attributes, line }: XmlElement): FlexPhrase['span'] {
  const [begin, end] = [attributes['begin-time-offset'], attributes['end-time-offset']]
  if (begin === undefined && end === undefined) return null
  const [startMs, endMs] = [wholeMs(begin), wholeMs(end)]
  if (startMs === null || endMs === null) {
    flex.defects.push({
      code: 'bad-time',
      line,
      message: `“${startMs === null ? (begin ?? '') : (end ?? '')}” is no time in milliseconds.`,
      repair: 'The phrase gets times from its neighbours.',
    })
    return null
  }
  if (endMs < startMs)
    flex.defects.push({
      code: 'end-before-begin',
      line,
      message: `The phrase ends (${endMs} ms) before it begins (${startMs} ms).`,
      repair: 'It is kept.',
    })
  return { startMs, endMs }
}

function wholeMs(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,12}(\.\d{1,12})?\s*$/.test(text) ? Math.round(Number(text)) : null
}

/** Where the parts of a node are, and what they are called. */
interface Below {
  group: string
  member: string
}

const MORPHEMES: Below = { group: 'morphemes', member: 'morph' }

function nodeOf(flex: ReadFlex, element: XmlElement, below: Below | null): FlexNode {
  const node: FlexNode = { guid: element.attributes['guid'] ?? '', items: [], children: [] }
  if (element.text.trim() !== '') flex.left.elements += 1
  for (const child of element.children) {
    if (child.name === 'item') node.items.push(itemOf(flex, child))
    else if (child.name === below?.group) {
      countAttributes(flex, child, [])
      for (const member of child.children)
        if (member.name === below.member) node.children.push(partOf(flex, member))
        else flex.left.elements += 1
    } else flex.left.elements += 1
  }
  return node
}

function partOf(flex: ReadFlex, element: XmlElement): FlexNode {
  if (element.name === 'word') {
    countAttributes(flex, element, ['guid'])
    return nodeOf(flex, element, MORPHEMES)
  }
  countAttributes(flex, element, ['guid', MORPH_TYPE])
  const morph = nodeOf(flex, element, null)
  const kind = element.attributes[MORPH_TYPE]
  if (kind !== undefined) morph.items.push({ type: MORPH_TYPE, language: '', text: kind })
  return morph
}

function itemOf(flex: ReadFlex, element: XmlElement): FlexItem {
  countAttributes(flex, element, ['type', 'lang'])
  const { type = '', lang = '' } = element.attributes
  return { type, language: lang, text: textOf(element) }
}

/** Items with several writing systems in them have a run for each. */
function textOf({ text, children }: XmlElement): string {
  return text + children.map(child => textOf(child)).join('')
}

function countAttributes(flex: ReadFlex, { attributes }: XmlElement, known: readonly string[]): void {
  for (const name of Object.keys(attributes))
    if (name === 'guid' && !known.includes('guid')) flex.left.guids += 1
    else if (!known.includes(name)) flex.left.attributes += 1
}
