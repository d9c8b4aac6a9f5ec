import type { EvaluatedDataset } from './dataset.types.ts'

/** A line of a table with tabs; what would break the line becomes a space. */
const tsv = (cells: readonly (string | number | boolean | null)[]) =>
  `${cells.map(cell => String(cell ?? '').replaceAll(/[\t\r\n]+/g, ' ')).join('\t')}\n`

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
