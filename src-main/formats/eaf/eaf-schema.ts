/** EAF 3.0 in short: what may stand where, in this order (EAFv3.0.xsd, with what older versions had besides). */
export const ROOT_ORDER = [
  'LICENSE',
  'HEADER',
  'TIME_ORDER',
  'TIER',
  'LINGUISTIC_TYPE',
  'LOCALE',
  'LANGUAGE',
  'CONSTRAINT',
  'CONTROLLED_VOCABULARY',
  'LEXICON_REF',
  'REF_LINK_SET',
  'EXTERNAL_REF',
] as const

export const HEADER_ORDER = ['MEDIA_DESCRIPTOR', 'LINKED_FILE_DESCRIPTOR', 'PROPERTY'] as const

const REFERENCE_LINK = [
  'REF_LINK_ID',
  'REF_LINK_NAME',
  'EXT_REF',
  'LANG_REF',
  'CVE_REF',
  'REF_TYPE',
  'CONTENT',
]

interface ElementRule {
  children: readonly string[]
  /** `!` marks a required one. */
  attributes: readonly string[]
}

const rule = (attributes: string, children: readonly string[] = []): ElementRule => ({
  attributes: attributes.split(' ').filter(Boolean),
  children,
})

export const ELEMENTS: Record<string, ElementRule> = {
  ANNOTATION_DOCUMENT: rule('DATE! AUTHOR! VERSION! FORMAT', ROOT_ORDER),
  LICENSE: rule('LICENSE_URL'),
  HEADER: rule('MEDIA_FILE TIME_UNITS', HEADER_ORDER),
  MEDIA_DESCRIPTOR: rule('MEDIA_URL! RELATIVE_MEDIA_URL MIME_TYPE! TIME_ORIGIN EXTRACTED_FROM'),
  LINKED_FILE_DESCRIPTOR: rule('LINK_URL! RELATIVE_LINK_URL MIME_TYPE! TIME_ORIGIN ASSOCIATED_WITH'),
  PROPERTY: rule('NAME'),
  TIME_ORDER: rule('', ['TIME_SLOT']),
  TIME_SLOT: rule('TIME_SLOT_ID! TIME_VALUE'),
  TIER: rule(
    'TIER_ID! LINGUISTIC_TYPE_REF! PARENT_REF PARTICIPANT ANNOTATOR DEFAULT_LOCALE EXT_REF LANG_REF',
    ['ANNOTATION'],
  ),
  ANNOTATION: rule('', ['ALIGNABLE_ANNOTATION', 'REF_ANNOTATION']),
  ALIGNABLE_ANNOTATION: rule(
    'ANNOTATION_ID! TIME_SLOT_REF1! TIME_SLOT_REF2! SVG_REF EXT_REF LANG_REF CVE_REF',
    ['ANNOTATION_VALUE'],
  ),
  REF_ANNOTATION: rule('ANNOTATION_ID! ANNOTATION_REF! PREVIOUS_ANNOTATION EXT_REF LANG_REF CVE_REF', [
    'ANNOTATION_VALUE',
  ]),
  ANNOTATION_VALUE: rule(''),
  LINGUISTIC_TYPE: rule(
    'LINGUISTIC_TYPE_ID! TIME_ALIGNABLE CONSTRAINTS GRAPHIC_REFERENCES CONTROLLED_VOCABULARY_REF EXT_REF LEXICON_REF',
  ),
  CONSTRAINT: rule('STEREOTYPE! DESCRIPTION'),
  LOCALE: rule('LANGUAGE_CODE! COUNTRY_CODE VARIANT'),
  LANGUAGE: rule('LANG_ID! LANG_DEF LANG_LABEL'),
  CONTROLLED_VOCABULARY: rule('CV_ID! EXT_REF DESCRIPTION', ['DESCRIPTION', 'CV_ENTRY_ML', 'CV_ENTRY']),
  DESCRIPTION: rule('LANG_REF!'),
  CV_ENTRY_ML: rule('CVE_ID! EXT_REF', ['CVE_VALUE']),
  CVE_VALUE: rule('LANG_REF! DESCRIPTION'),
  CV_ENTRY: rule('DESCRIPTION EXT_REF CVE_ID'),
  LEXICON_REF: rule('LEX_REF_ID! NAME! TYPE! URL! LEXICON_ID! LEXICON_NAME! DATCAT_ID DATCAT_NAME'),
  REF_LINK_SET: rule('LINK_SET_ID! LINK_SET_NAME EXT_REF LANG_REF CV_REF', [
    'CROSS_REF_LINK',
    'GROUP_REF_LINK',
  ]),
  CROSS_REF_LINK: rule(`REF1! REF2! DIRECTIONALITY ${REFERENCE_LINK.join(' ')}`),
  GROUP_REF_LINK: rule(`REFS! ${REFERENCE_LINK.join(' ')}`),
  EXTERNAL_REF: rule('EXT_REF_ID! TYPE! VALUE!'),
}

/** An xsd:dateTime. */
export const DATE_TIME =
  /^-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?$/

/** An XML name without colon, which ids must be. */
export const NC_NAME = /^[\p{L}_][\p{L}\p{N}\p{M}._·-]*$/u
