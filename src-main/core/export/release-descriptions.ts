import { basename } from 'node:path'
import { stableJson } from '#main/formats/jsonl.ts'
import type { ParquetType } from '#main/formats/parquet.ts'
import type { ListedFile } from './dataset-folder.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import type { ReleaseTable } from './release-tables.ts'

/** What the descriptions of a release are made from. */
export interface Described {
  dataset: EvaluatedDataset
  outline: Outline
  tables: readonly ReleaseTable[]
  files: readonly ListedFile[]
}

const json = (value: unknown) => [`${stableJson(value, 2)}\n`]

/** The day of the last change of what is in a release: a release that says no other day is from then. */
export function dayOf({ corpus }: EvaluatedDataset, { lastChange }: Outline): string {
  return corpus.datePublished || new Date(lastChange).toISOString().slice(0, 10)
}

const creatorsOf = ({ corpus }: EvaluatedDataset) =>
  corpus.creators && corpus.creators.length > 0 ? corpus.creators : ['(not stated)']

export const versionOf = ({ corpus }: EvaluatedDataset) => corpus.version ?? '1.0.0'
const descriptionOf = ({ corpus }: EvaluatedDataset, { clips, runs }: Outline) =>
  corpus.description ||
  `${clips.length} clips of sign language with reference translations, and the outputs of ${runs.length} systems.`

/** An address stays one, an SPDX id becomes that of its text. */
const licenceUrl = (licence: string) =>
  /^https?:/.test(licence) ? licence : `https://spdx.org/licenses/${encodeURIComponent(licence)}.html`
const licenceOf = ({ corpus, licences }: EvaluatedDataset) =>
  (corpus.licence ? [corpus.licence] : licences.map(({ name }) => name)).map(licenceUrl)

const urlOf = ({ corpus }: EvaluatedDataset) =>
  corpus.homepage || (corpus.doi ? `https://doi.org/${corpus.doi}` : './')

const ENCODINGS: Readonly<Record<string, string>> = {
  parquet: 'application/vnd.apache.parquet',
  jsonl: 'application/jsonl',
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  json: 'application/json',
  md: 'text/markdown',
  sh: 'application/x-sh',
  cff: 'application/yaml',
  html: 'text/html',
  tex: 'application/x-tex',
  mp4: 'video/mp4',
  eaf: 'application/xml',
  vtt: 'text/vtt',
  srt: 'application/x-subrip',
}
const encodingOf = (path: string) => ENCODINGS[path.split('.').at(-1) ?? ''] ?? 'text/plain'

/** The terms of Croissant 1.1 and its RAI extension 1.0, as their specifications give the context. */
const CROISSANT_CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  arrayShape: 'cr:arrayShape',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  containedIn: 'cr:containedIn',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isArray: 'cr:isArray',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  samplingRate: 'cr:samplingRate',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
}

const CROISSANT_TYPES = {
  string: 'sc:Text',
  int: 'sc:Integer',
  double: 'sc:Float',
  bool: 'sc:Boolean',
} as const

/** `croissant.json`: Croissant 1.1 with the responsible-AI terms. */
export function croissant({ dataset, outline, tables, files }: Described): string[] {
  const { corpus } = dataset
  return json({
    '@context': CROISSANT_CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: corpus.name,
    description: descriptionOf(dataset, outline),
    license: licenceOf(dataset),
    url: urlOf(dataset),
    creator: creatorsOf(dataset).map(name => ({ '@type': 'sc:Person', name })),
    ...(corpus.publisher ? { publisher: { '@type': 'sc:Organization', name: corpus.publisher } } : {}),
    datePublished: dayOf(dataset, outline),
    version: versionOf(dataset),
    ...(corpus.citation ? { citeAs: corpus.citation } : {}),
    inLanguage: [corpus.signLanguage, corpus.textLanguage].filter(Boolean),
    ...responsibleUse(dataset, outline),
    distribution: files.map(({ path, bytes, sha256 }) => ({
      '@type': 'cr:FileObject',
      '@id': path,
      name: path,
      contentUrl: path,
      contentSize: `${bytes} B`,
      encodingFormat: encodingOf(path),
      sha256,
    })),
    recordSet: tables.map(recordSet),
  })
}

function recordSet({ name, path, columns }: ReleaseTable) {
  return {
    '@type': 'cr:RecordSet',
    '@id': name,
    name,
    field: Object.entries(columns).flatMap(([column, type]) => recordField({ name, path, column, type })),
  }
}

/** A list of structures has no counterpart in a flat record: it is read from the file itself. */
function recordField({
  name,
  path,
  column,
  type,
}: {
  name: string
  path: string
  column: string
  type: ParquetType
}) {
  const scalar = typeof type === 'string' ? type : 'list' in type ? type.list : type
  if (typeof scalar !== 'string') return []
  return [
    {
      '@type': 'cr:Field',
      '@id': `${name}/${column}`,
      name: column,
      dataType: CROISSANT_TYPES[scalar],
      ...(scalar === type ? {} : { repeated: true }),
      source: { fileObject: { '@id': path }, extract: { column } },
    },
  ]
}

function responsibleUse({ use, runs, generator, excluded }: EvaluatedDataset, { clips }: Outline) {
  const signers = new Set(clips.map(({ signer }) => signer)).size
  const machines = runs.map(({ name, model }) => `${name}: ${model.name} ${model.version}`)
  const left = Object.values(excluded).reduce((sum, count) => sum + count, 0)
  return {
    'rai:dataCollection': `Clips of sign language of ${signers} signers, with reference translations.`,
    'rai:dataCollectionType': ['Others'],
    'rai:dataAnnotationPlatform': [`${generator.name} ${generator.version}`],
    'rai:dataAnnotationProtocol':
      'Reference translations are corrected beside the video; outputs are rated from 0 to 100 (direct assessment).',
    'rai:machineAnnotationTools': machines,
    'rai:personalSensitiveInformation': [
      'Sign language shows the faces of people. Signers, annotators and raters have pseudonyms that hold for this release alone.',
    ],
    'rai:dataUseCases': [`Signers have consented to: ${use.purpose}.`],
    'rai:dataLimitations': [`${left} clips of the corpus are not in the release (reasons in manifest.json).`],
  }
}

/** `ro-crate-metadata.json`: RO-Crate 1.2 with one `CreateAction` for each run. */
export function roCrate({ dataset, outline, files }: Described): string[] {
  const { corpus, runs, generator } = dataset
  const licences = licenceOf(dataset)
  const people = creatorsOf(dataset)
  const graph = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      about: { '@id': './' },
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: corpus.name,
      description: descriptionOf(dataset, outline),
      datePublished: dayOf(dataset, outline),
      version: versionOf(dataset),
      license: licences.map(id => ({ '@id': id })),
      author: people.map((_, i) => ({ '@id': `#creator-${i + 1}` })),
      hasPart: files.map(({ path }) => ({ '@id': path })),
      mentions: runs.map((_, i) => ({ '@id': `#run-${i + 1}` })),
      ...(corpus.doi ? { identifier: `https://doi.org/${corpus.doi}` } : {}),
    },
    ...licences.map(id => ({ '@id': id, '@type': 'CreativeWork', name: id })),
    ...people.map((name, i) => ({ '@id': `#creator-${i + 1}`, '@type': 'Person', name })),
    ...files.map(({ path, bytes, sha256 }) => ({
      '@id': path,
      '@type': 'File',
      name: basename(path),
      contentSize: String(bytes),
      encodingFormat: encodingOf(path),
      sha256,
    })),
    {
      '@id': '#signwright',
      '@type': 'SoftwareApplication',
      name: generator.name,
      version: generator.version,
    },
    ...runs.flatMap(runEntities),
  ]
  return json({ '@context': 'https://w3id.org/ro/crate/1.2/context', '@graph': graph })
}

/** How the outputs of a run came about. */
function runEntities(run: EvaluatedDataset['runs'][number], i: number) {
  return [
    {
      '@id': `#run-${i + 1}`,
      '@type': 'CreateAction',
      name: run.name,
      endTime: new Date(run.createdAt).toISOString(),
      instrument: [{ '@id': `#model-${i + 1}` }, { '@id': '#signwright' }],
      object: { '@id': './' },
      result: { '@id': 'hypotheses.jsonl' },
    },
    {
      '@id': `#model-${i + 1}`,
      '@type': 'SoftwareApplication',
      name: run.model.name,
      version: run.model.version,
      identifier: run.model.fingerprint,
    },
  ]
}

/** `datacite.json`: what DataCite 4 asks for; the year and the DOI are those of the form. */
export function datacite({ dataset, outline }: Described): string[] {
  const { corpus, licences } = dataset
  return json({
    schemaVersion: 'http://datacite.org/schema/kernel-4',
    identifiers: corpus.doi ? [{ identifierType: 'DOI', identifier: corpus.doi }] : [],
    creators: creatorsOf(dataset).map(name => ({ name })),
    titles: [{ title: corpus.name }],
    publisher: { name: corpus.publisher || '(not stated)' },
    publicationYear: dayOf(dataset, outline).slice(0, 4),
    types: {
      resourceTypeGeneral: 'Dataset',
      resourceType: 'Sign language corpus with evaluated translations',
    },
    version: versionOf(dataset),
    descriptions: [{ description: descriptionOf(dataset, outline), descriptionType: 'Abstract' }],
    ...(corpus.textLanguage ? { language: corpus.textLanguage } : {}),
    rightsList: licences.map(({ name }) => ({ rights: name, rightsUri: licenceUrl(name) })),
  })
}

const yaml = (text: string) => JSON.stringify(text)

/** `CITATION.cff`: how to cite a release, in the Citation File Format 1.2.0. */
export function citationCff({ dataset, outline }: Described): string[] {
  const { corpus } = dataset
  return [
    'cff-version: 1.2.0\n',
    'message: "If you use this dataset, please cite it as below."\n',
    'type: dataset\n',
    `title: ${yaml(corpus.name)}\n`,
    `version: ${yaml(versionOf(dataset))}\n`,
    `date-released: ${yaml(dayOf(dataset, outline))}\n`,
    ...(corpus.doi ? [`doi: ${yaml(corpus.doi)}\n`] : []),
    ...(corpus.homepage ? [`url: ${yaml(corpus.homepage)}\n`] : []),
    ...(corpus.licence && !/^https?:/.test(corpus.licence) ? [`license: ${yaml(corpus.licence)}\n`] : []),
    'authors:\n',
    ...creatorsOf(dataset).map(name => `  - name: ${yaml(name)}\n`),
  ]
}
