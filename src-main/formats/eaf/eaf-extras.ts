import type { Extra } from '../annotation-document.ts'
import { loss } from '../annotation-losses.ts'
import type { XmlElement } from '../xml/xml-element.ts'
import type { EafDocument } from './eaf-document.ts'

/** What the neutral model takes over, or what has no meaning outside of the file; `#` stands for the text inside. */
const TAKEN: Record<string, string> = {
  ANNOTATION_DOCUMENT: 'AUTHOR DATE FORMAT VERSION xsi:noNamespaceSchemaLocation xmlns:xsi',
  LICENSE: 'LICENSE_URL #',
  HEADER: 'MEDIA_FILE TIME_UNITS',
  MEDIA_DESCRIPTOR: 'MEDIA_URL RELATIVE_MEDIA_URL MIME_TYPE TIME_ORIGIN EXTRACTED_FROM',
  LINKED_FILE_DESCRIPTOR: 'LINK_URL RELATIVE_LINK_URL MIME_TYPE ASSOCIATED_WITH',
  PROPERTY: 'NAME #',
  TIME_ORDER: '',
  TIME_SLOT: 'TIME_SLOT_ID TIME_VALUE',
  TIER: 'TIER_ID LINGUISTIC_TYPE_REF PARENT_REF PARTICIPANT ANNOTATOR LANG_REF',
  ANNOTATION: '',
  ALIGNABLE_ANNOTATION: 'ANNOTATION_ID TIME_SLOT_REF1 TIME_SLOT_REF2 EXT_REF CVE_REF',
  REF_ANNOTATION: 'ANNOTATION_ID ANNOTATION_REF PREVIOUS_ANNOTATION EXT_REF CVE_REF',
  ANNOTATION_VALUE: '#',
  LINGUISTIC_TYPE: 'LINGUISTIC_TYPE_ID TIME_ALIGNABLE CONSTRAINTS CONTROLLED_VOCABULARY_REF',
  CONSTRAINT: 'STEREOTYPE DESCRIPTION',
  LANGUAGE: 'LANG_ID LANG_DEF LANG_LABEL',
  CONTROLLED_VOCABULARY: 'CV_ID EXT_REF DESCRIPTION',
  DESCRIPTION: 'LANG_REF #',
  CV_ENTRY_ML: 'CVE_ID EXT_REF',
  CVE_VALUE: 'LANG_REF DESCRIPTION #',
  CV_ENTRY: 'CVE_ID DESCRIPTION EXT_REF #',
  EXTERNAL_REF: 'EXT_REF_ID TYPE VALUE',
}

const TAKEN_NAMES = new Map(Object.entries(TAKEN).map(([name, list]) => [name, new Set(list.split(' '))]))

/** A file that was made to be hostile has a million. */
const MOST_NAMED = 30

/** GRAPHIC_REFERENCES="false" says nothing. */
const SAYS_NOTHING = new Set(['', 'false'])

/** Everything in the file that only EAF can hold, counted. */
export function eafExtras(eaf: EafDocument): Extra[] {
  const counts = { elements: new Map<string, number>(), attributes: new Map<string, number>(), text: 0 }
  const visit = (element: XmlElement): void => {
    const taken = TAKEN_NAMES.get(element.name)
    if (!taken) return add(counts.elements, element.name)
    for (const name of Object.keys(element.attributes))
      if (!taken.has(name) && !SAYS_NOTHING.has(element.attributes[name]!.trim()))
        add(counts.attributes, name)
    if (!taken.has('#') && element.text.trim()) counts.text += 1
    for (const child of element.children) visit(child)
  }
  visit(eaf.xml.root)
  const remarks = eaf.xml.source.split('<!--').length - 1
  const all: Extra[] = [
    extra('eaf-elements', counts.elements, 'part', 'parts'),
    extra('eaf-attributes', counts.attributes, 'attribute', 'attributes'),
    plain(
      'eaf-text',
      counts.text,
      'piece of text between the elements',
      'pieces of text between the elements',
    ),
    plain('eaf-comments', remarks, 'XML comment', 'XML comments'),
  ]
  return all.filter(({ count }) => count > 0)
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function extra(code: string, counts: Map<string, number>, one: string, many: string): Extra {
  const count = [...counts.values()].reduce((sum, n) => sum + n, 0)
  const named = [...counts].slice(0, MOST_NAMED).map(([name, n]) => `${name} ×${n}`)
  const more = counts.size - named.length
  const list = [...named, ...(more > 0 ? [`and ${more} other names`] : [])].join(', ')
  return loss(
    code,
    count,
    `${one} that only EAF has is left out: ${list}`,
    `${many} that only EAF has are left out: ${list}`,
  )
}

function plain(code: string, count: number, one: string, many: string): Extra {
  return loss(code, count, `${one} is left out`, `${many} are left out`)
}
