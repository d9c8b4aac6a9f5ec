import type { EvaluatedDataset } from './dataset.types.ts'

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
