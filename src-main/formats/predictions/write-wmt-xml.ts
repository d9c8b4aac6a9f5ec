import { newElement, type XmlElement } from '../xml/xml-element.ts'
import { setChildren } from '../xml/xml-edit.ts'
import { printXml } from '../xml/xml-write.ts'

export interface WmtSegment {
  /** Address of its video. */
  video: string
  references: readonly string[]
  /** In the order of `systems`; undefined where a system has none. */
  outputs: readonly (string | undefined)[]
}

export interface WmtDataset {
  name: string
  /** Codes of the signing and of the text; empty: unknown. */
  signLanguage: string
  textLanguage: string
  systems: readonly string[]
  documents: readonly { id: string; segments: readonly WmtSegment[] }[]
}

/**
 * Outputs beside their references as XML of the WMT shared tasks (`wmt-format-tools`); the first references of all
 * segments are those of translator A, the second of translator B.
 */
export function writeWmtXml({ name, documents, ...rest }: WmtDataset): string {
  const root = parent(
    'dataset',
    { id: name },
    documents.map(({ id, segments }) => documentOf(id, segments, rest)),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n${printXml({ source: '', root, encoding: { name: 'utf-8', hasByteOrderMark: false } })}\n`
}

type Languages = Omit<WmtDataset, 'name' | 'documents'>

function documentOf(id: string, segments: readonly WmtSegment[], languages: Languages): XmlElement {
  const { signLanguage, textLanguage, systems } = languages
  const lang = textLanguage || 'und'
  const most = segments.reduce((count, { references }) => Math.max(count, references.length), 0)
  return parent('doc', { id: id, origlang: signLanguage || 'sgn' }, [
    textsOf('src', { lang: signLanguage || 'sgn' }, segments, ({ video }) => video),
    ...Array.from({ length: most }, (_, at) =>
      textsOf('ref', { lang, translator: letterOf(at) }, segments, ({ references }) => references[at]),
    ),
    ...systems.flatMap((system, at) =>
      segments.some(({ outputs }) => outputs[at] !== undefined)
        ? [textsOf('hyp', { lang, system }, segments, ({ outputs }) => outputs[at])]
        : [],
    ),
  ])
}

const letterOf = (at: number) => (at < 26 ? String.fromCodePoint(65 + at) : String(at + 1))

/** Segments keep their number where one of them has no text here. */
function textsOf(
  name: string,
  attributes: Record<string, string>,
  segments: readonly WmtSegment[],
  textOf: (segment: WmtSegment) => string | undefined,
): XmlElement {
  const found = segments.flatMap((segment, i) => {
    const text = textOf(segment)
    return text === undefined ? [] : [newElement('seg', { id: String(i + 1) }, text)]
  })
  return parent(name, attributes, [parent('p', {}, found)])
}

function parent(name: string, attributes: Record<string, string>, children: XmlElement[]): XmlElement {
  const element = newElement(name, attributes)
  setChildren(element, children)
  return element
}
