import { z } from 'zod'
import { STEREOTYPES } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationDocument } from './annotation-document.ts'
import { type Loss, lossesOf } from './annotation-losses.ts'
import { decodeText } from './text-encoding.ts'

const text = z.string()

const Annotation = z.strictObject({
  id: text.default(''),
  startMs: z.int(),
  endMs: z.int(),
  value: text,
  parentId: text.nullable().default(null),
  isAligned: z.boolean().default(true),
  speaker: text.default(''),
  entryId: text.default(''),
  externalRef: text.default(''),
})

const Tier = z.strictObject({
  name: text,
  typeName: text.default(''),
  stereotype: z.enum(STEREOTYPES).default('none'),
  parent: text.nullable().default(null),
  participant: text.default(''),
  annotator: text.default(''),
  language: text.default(''),
  vocabulary: text.default(''),
  kind: z.enum(['interval', 'point']).default('interval'),
  annotations: z.array(Annotation),
})

const Vocabulary = z.strictObject({
  name: text,
  externalRef: text.default(''),
  descriptions: z.array(z.strictObject({ language: text, text })).default([]),
  entries: z.array(
    z.strictObject({
      id: text.default(''),
      externalRef: text.default(''),
      values: z.array(
        z.strictObject({ language: text.default(''), value: text, description: text.default('') }),
      ),
    }),
  ),
})

const Type = z.strictObject({
  name: text,
  stereotype: z.enum(STEREOTYPES).default('none'),
  vocabulary: text.default(''),
})

const Media = z.strictObject({
  url: text,
  relativeUrl: text.default(''),
  mimeType: text.default(''),
  timeOriginMs: z.int().default(0),
  extractedFrom: text.default(''),
})

const LinkedFile = z.strictObject({
  url: text,
  relativeUrl: text.default(''),
  mimeType: text.default(''),
  associatedWith: text.default(''),
})

/** The neutral model as it is; what has a default may be left out. */
const AnnotationJson = z.strictObject({
  format: z.literal('signwright-annotations'),
  version: z.literal(1),
  author: text.default(''),
  date: text.default(''),
  media: z.array(Media).default([]),
  linkedFiles: z.array(LinkedFile).default([]),
  properties: z.array(z.strictObject({ name: text, value: text })).default([]),
  licenses: z.array(z.strictObject({ text, url: text })).default([]),
  languages: z
    .array(z.strictObject({ id: text, definition: text.default(''), label: text.default('') }))
    .default([]),
  unusedTypes: z.array(Type).default([]),
  vocabularies: z.array(Vocabulary).default([]),
  externalRefs: z.array(z.strictObject({ id: text, type: text, value: text })).default([]),
  tiers: z.array(Tier),
})

export function readAnnotationJson(bytes: Uint8Array, file: string): AnnotationDocument {
  const source = decodeText(bytes, { file }).text
  const { format: _format, version: _version, ...document } = parse(source, file)
  return { ...document, extras: [] }
}

function parse(source: string, file: string): z.infer<typeof AnnotationJson> {
  let value: unknown
  try {
    value = JSON.parse(source)
  } catch (cause) {
    const position = Number(/position (\d+)/.exec(String(cause))?.[1] ?? source.length)
    const before = source.slice(0, position)
    const line = before.split('\n').length
    const column = position - before.lastIndexOf('\n')
    throw new AppError(
      'corrupt-file',
      `${file}, line ${line}, column ${column}: this is no JSON. Mend this place in a text editor.`,
      { details: { file, line, column }, cause },
    )
  }
  const result = AnnotationJson.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path.join('.') ?? ''
  throw new AppError(
    'corrupt-file',
    `${file}, line 1, column 1: at "${path}": ${issue?.message ?? 'not an annotation document'}.`,
    { details: { file, line: 1, column: 1, path } },
  )
}

export interface JsonPlan {
  losses: Loss[]
  write: () => Uint8Array
}

/** Loses nothing but what the reader of another format had to leave out. */
export function planAnnotationJson(document: AnnotationDocument): JsonPlan {
  const { extras: _extras, ...rest } = document
  const losses = lossesOf(
    {
      ...document,
      tiers: [],
      media: [],
      linkedFiles: [],
      properties: [],
      licenses: [],
      languages: [],
      unusedTypes: [],
      vocabularies: [],
      externalRefs: [],
    },
    ['author', 'date'],
  )
  return {
    losses,
    write: () =>
      Buffer.from(`${JSON.stringify({ format: 'signwright-annotations', version: 1, ...rest }, null, 2)}\n`),
  }
}
