/**
 * XML of the WMT shared tasks: `dataset/doc/{src,ref,hyp}//seg`, one `hyp` a system, one `ref` a translator.
 * Segments count from 1 in each document. In sign-language tasks the source segment is the address of a video.
 */
import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { nameOfFile } from '../listed-clip.ts'
import { parseXml } from '../xml/xml-tree.ts'
import { type XmlElement } from '../xml/xml-element.ts'
import { type PredictionEntry, predictionEntry } from './prediction-entry.ts'

export interface WmtFile {
  dataset: string
  /** Outputs of systems. */
  entries: PredictionEntry[]
  /** Human translations, named `translator-X`; each is both a reference and an output that raters saw. */
  references: PredictionEntry[]
  /** Clip name → address of its video. */
  videos: Map<string, string>
  language: string
}

/** `signsuisse`, segment 7 → `signsuisse-007`. */
export function wmtClipName(document: string, segment: number): string {
  return `${document}-${String(segment).padStart(3, '0')}`
}

/** @throws AppError 'corrupt-file' with line and column, 'unsafe-file' for document types and entities */
export function readWmtXml(bytes: Uint8Array, file: string): WmtFile {
  const { root } = parseXml(bytes, file)
  if (root.name !== 'dataset')
    throw new AppError(
      'invalid-input',
      `${file} is XML with <${root.name}>; files of WMT begin with <dataset>. Choose a system's submission or the reference file.`,
      { details: { file } },
    )
  const found: WmtFile = {
    dataset: root.attributes['id'] ?? '',
    entries: [],
    references: [],
    videos: new Map(),
    language: '',
  }
  for (const doc of root.children.flatMap(child => (child.name === 'collection' ? child.children : [child])))
    if (doc.name === 'doc') readDocument(doc, file, found)
  return found
}

function readDocument(doc: XmlElement, file: string, found: WmtFile): void {
  const document = doc.attributes['id'] ?? 'document'
  for (const src of doc.children.filter(({ name }) => name === 'src'))
    for (const seg of segments(src)) found.videos.set(nameOf(document, seg, file), seg.text.trim())
  for (const part of doc.children) {
    if (part.name !== 'hyp' && part.name !== 'ref') continue
    const system =
      part.name === 'hyp'
        ? (part.attributes['system'] ?? '')
        : `translator-${part.attributes['translator'] ?? '?'}`
    found.language ||= part.attributes['lang'] ?? ''
    const target = part.name === 'hyp' ? found.entries : found.references
    for (const seg of segments(part)) {
      const name = nameOf(document, seg, file)
      const video = nameOfFile(basename(found.videos.get(name) ?? ''))
      const aliases = video === '' ? [] : [video]
      target.push(predictionEntry({ file, line: seg.line }, { system, name, aliases, text: seg.text }))
    }
  }
}

function* segments(element: XmlElement): Generator<XmlElement> {
  for (const child of element.children)
    if (child.name === 'seg') yield child
    else yield* segments(child)
}

function nameOf(document: string, seg: XmlElement, file: string): string {
  const number = Number(seg.attributes['id'])
  if (Number.isSafeInteger(number) && number > 0) return wmtClipName(document, number)
  throw new AppError(
    'corrupt-file',
    `${file}, line ${seg.line}: a segment of ${document} has no number. Give each <seg> its id.`,
    { details: { file, line: seg.line } },
  )
}
