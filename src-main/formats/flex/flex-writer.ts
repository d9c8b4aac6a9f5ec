import { insertChild } from '../xml/xml-edit.ts'
import { newElement, type XmlElement } from '../xml/xml-element.ts'
import { printXml } from '../xml/xml-write.ts'
import { type FlexItem, type FlexNode, type FlexPhrase, type FlexText, MORPH_TYPE } from './flex-text.ts'

/** The order of FlexInterlinear.xsd: items of the text, paragraphs, languages, media. */
export function writeFlex({ items, phrases, languages, media }: FlexText): Uint8Array {
  const root = newElement('document', { version: '2' })
  const text = below(root, 'interlinear-text')
  for (const item of items) writeItem(text, item)
  const all = below(below(below(text, 'paragraphs'), 'paragraph'), 'phrases')
  for (const phrase of phrases) writePhrase(all, phrase)
  const list = below(text, 'languages')
  for (const { code, isVernacular } of languages)
    below(list, 'language', { lang: code, ...(isVernacular && { vernacular: 'true' }) })
  if (media.length > 0) {
    const files = below(text, 'media-files', { 'offset-type': 'milliseconds' })
    for (const { guid, location } of media) below(files, 'media', { guid, location })
  }
  const source = printXml({ source: '', root, encoding: { name: 'utf-8', hasByteOrderMark: false } })
  return Buffer.from(`<?xml version="1.0" encoding="utf-8"?>\n${source}\n`)
}

function below(
  parent: XmlElement,
  name: string,
  attributes: Record<string, string> = {},
  text = '',
): XmlElement {
  const element = newElement(name, attributes, text)
  insertChild(parent, element)
  return element
}

function writeItem(parent: XmlElement, { type, language, text }: FlexItem): void {
  below(parent, 'item', { type, lang: language }, text)
}

/** The text first, the words in it, then what is said about the whole. */
function writePhrase(
  phrases: XmlElement,
  { guid, speaker, span, mediaFile, items, children }: FlexPhrase,
): void {
  const phrase = below(phrases, 'phrase', {
    ...(guid !== '' && { guid }),
    ...(span && { 'begin-time-offset': String(span.startMs), 'end-time-offset': String(span.endMs) }),
    ...(speaker !== '' && { speaker }),
    ...(mediaFile !== '' && { 'media-file': mediaFile }),
  })
  const [text, ...others] = items
  if (text) writeItem(phrase, text)
  const words = below(phrase, 'words')
  for (const word of children) writeWord(words, word)
  for (const item of others) writeItem(phrase, item)
}

function writeWord(words: XmlElement, { guid, items, children }: FlexNode): void {
  const word = below(words, 'word', guid === '' ? {} : { guid })
  const [text, ...others] = items
  if (text) writeItem(word, text)
  if (children.length > 0) {
    const morphemes = below(word, 'morphemes')
    for (const morph of children) writeMorph(morphemes, morph)
  }
  for (const item of others) writeItem(word, item)
}

function writeMorph(morphemes: XmlElement, { guid, items }: FlexNode): void {
  const kind = items.find(({ type, language }) => type === MORPH_TYPE && language === '')
  const morph = below(morphemes, 'morph', {
    ...(kind && { [MORPH_TYPE]: kind.text }),
    ...(guid !== '' && { guid }),
  })
  for (const item of items) if (item !== kind) writeItem(morph, item)
}
