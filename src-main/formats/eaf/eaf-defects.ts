import type { Defect } from '../defect.ts'
import type { XmlElement } from '../xml/xml-element.ts'
import { type EafDocument, refreshView } from './eaf-document.ts'
import { referenceDefects } from './eaf-reference-defects.ts'
import { structureDefects } from './eaf-structure-defects.ts'
import { timeDefects } from './eaf-time-defects.ts'
import { resolveTimes } from './eaf-times.ts'

/** A defect with the element that has it, for `repairEaf`. */
export interface EafDefect extends Defect {
  element: XmlElement | null
}

export type Report = (code: string, element: XmlElement | null, message: string, repair: string) => void

/**
 * What would be wrong with a document once it is written, by the lines of the written file: the tree in memory is
 * checked, which is what a reader of the file would build again.
 *
 * @param spans those of `resolveTimes` from before the edits; they hold while there is none
 */
export function writtenDefects(
  document: EafDocument,
  lineOf: (element: XmlElement) => number,
  spans?: ReturnType<typeof resolveTimes>,
): EafDefect[] {
  const isEdited = document.xml.root.isChanged
  if (isEdited) refreshView(document)
  const defects = eafDefects(document, isEdited ? undefined : spans)
  return defects
    .map(defect => ({ ...defect, line: defect.element ? lineOf(defect.element) : defect.line }))
    .sort((a, b) => a.line - b.line)
}

/** Everything that is wrong with the file, by line; it opens all the same. `spans` are those of `resolveTimes`. */
export function eafDefects(document: EafDocument, spans = resolveTimes(document)): EafDefect[] {
  const defects: EafDefect[] = []
  const report: Report = (code, element, message, repair) =>
    void defects.push({ code, line: element?.line ?? 0, message, repair, element })
  if (document.wasEmpty) {
    report(
      'empty-file',
      null,
      'The file is empty (0 bytes of content).',
      'It opens as a document without tiers; restore a backup if it had any.',
    )
    return defects
  }
  if (document.xml.encoding.hasByteOrderMark && document.xml.encoding.name === 'utf-8')
    report(
      'byte-order-mark',
      document.xml.root,
      'The file begins with a byte order mark, at which some programs stop.',
      'It is kept; a repaired copy is written without it.',
    )
  structureDefects(document, report)
  referenceDefects(document, report)
  timeDefects(document, spans, report)
  return defects.sort((a, b) => a.line - b.line)
}
