import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationDocument, Vocabulary } from '../annotation-document.ts'
import { childrenOf } from '../xml/xml-edit.ts'
import { parseXml } from '../xml/xml-tree.ts'
import { vocabularyOf } from './eaf-to-document.ts'

/** An external vocabulary file (.ecv), to which vocabularies of many documents refer. */
export interface ExternalVocabularies {
  author: string
  date: string
  languages: AnnotationDocument['languages']
  vocabularies: Vocabulary[]
  externalRefs: AnnotationDocument['externalRefs']
}

export function readEcv(bytes: Uint8Array, file: string): ExternalVocabularies {
  const { root } = parseXml(bytes, file)
  if (root.name !== 'CV_RESOURCE')
    throw new AppError(
      'corrupt-file',
      `${file}, line ${root.line}, column 1: this is no external vocabulary; it begins with <${root.name}>. Choose an .ecv file.`,
      { details: { file, line: root.line, column: 1, root: root.name } },
    )
  return {
    author: root.attributes['AUTHOR'] ?? '',
    date: root.attributes['DATE'] ?? '',
    languages: childrenOf(root, 'LANGUAGE').map(({ attributes }) => ({
      id: attributes['LANG_ID'] ?? '',
      definition: attributes['LANG_DEF'] ?? '',
      label: attributes['LANG_LABEL'] ?? '',
    })),
    vocabularies: childrenOf(root, 'CONTROLLED_VOCABULARY').map(vocabularyOf),
    externalRefs: childrenOf(root, 'EXTERNAL_REF').map(({ attributes }) => ({
      id: attributes['EXT_REF_ID'] ?? '',
      type: attributes['TYPE'] ?? '',
      value: attributes['VALUE'] ?? '',
    })),
  }
}
