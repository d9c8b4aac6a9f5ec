import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
}
const ESCAPED = new Map(Object.entries(ESCAPES).map(([character, escape]) => [escape, character]))

/** A line of a table with tabs; what would break the line is escaped, as PostgreSQL's COPY and linear TSV do. */
const tsv = (cells: readonly (string | number | boolean | null)[]) =>
  `${cells.map(cell => String(cell ?? '').replaceAll(/[\\\t\n\r]/g, character => ESCAPES[character]!)).join('\t')}\n`

/** The rows of such a table, by the names of its columns. */
export function readTsv(bytes: Uint8Array): Record<string, string>[] {
  const [header = [], ...rows] = Buffer.from(bytes)
    .toString('utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split('\t').map(cell => cell.replaceAll(/\\[\\tnr]/g, escape => ESCAPED.get(escape)!)))
  return rows.map(cells => Object.fromEntries(header.map((name, i) => [name, cells[i] ?? ''])))
}

/** `LICENSES.tsv`: the licences of the clips in a release. */
export function licencesTsv({ licences }: EvaluatedDataset): string[] {
  return [
    tsv(['license_id', 'holder', 'source', 'attribution', 'share_alike', 'no_derivatives', 'non_commercial']),
    ...licences
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, holder, source, attribution, shareAlike, noDerivatives, nonCommercial }) =>
        tsv([name, holder, source, attribution, shareAlike, noDerivatives, nonCommercial]),
      ),
  ]
}

/** `LICENSE`: what people look for first, in words; the columns that programs read are in `LICENSES.tsv`. */
export function licenceText({ corpus, licences }: EvaluatedDataset, { clips }: Outline): string[] {
  const byName = Map.groupBy(clips, ({ licence }) => licence)
  const lines = [...byName.keys()].toSorted().flatMap(name => {
    const terms = licences.find(each => each.name === name)
    const told = [
      terms?.holder && `Holder: ${terms.holder}`,
      terms?.attribution && `Attribution: ${terms.attribution}`,
      terms?.source && `Source: ${terms.source}`,
      textOfLicence(name) && `Terms: ${textOfLicence(name)}`,
      terms?.noDerivatives && 'No changed versions may be given on.',
      terms?.shareAlike && 'Changed versions go under the same licence.',
      terms?.nonCommercial && 'Not for commercial use.',
    ]
    const heading = `${name || 'No licence stated'}: ${byName.get(name)!.length} of ${clips.length} clips`
    return ['', heading, ...told.flatMap(line => (line ? [`  ${line}`] : []))]
  })
  const whole = corpus.licence ? [`As a whole: ${corpus.licence}`] : []
  return [[corpus.name, ...whole, ...lines, ''].join('\n')]
}

/** The address of the terms, for an address and for the licences of Creative Commons. */
function textOfLicence(name: string): string | null {
  if (/^https?:/.test(name)) return name
  if (name === 'CC0-1.0') return 'https://creativecommons.org/publicdomain/zero/1.0/legalcode'
  const [, kind, version] = /^CC-(BY(?:-NC)?(?:-SA|-ND)?)-([1-4]\.0)$/.exec(name) ?? []
  return kind ? `https://creativecommons.org/licenses/${kind.toLowerCase()}/${version}/legalcode` : null
}

/** `CONSENT.tsv`: the consents that a release rests on, under the pseudonyms of their signers. */
export function consentTsv({ consents }: EvaluatedDataset): string[] {
  return [
    tsv([
      'consent_id',
      'signer_id',
      'scope',
      'face_visible',
      'territory',
      'valid_until',
      'evidence_sha256',
      'withdrawn_at',
    ]),
    ...consents.map(({ id, signer, scopes, faceVisible, territory, validUntil, evidenceSha256 }) =>
      tsv([
        id,
        signer,
        scopes.join(' '),
        faceVisible,
        territory,
        validUntil === null ? '' : new Date(validUntil).toISOString(),
        evidenceSha256,
        '',
      ]),
    ),
  ]
}
