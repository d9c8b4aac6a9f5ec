import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import { versionProblem } from './release-changes.ts'
import type { Outline, OutlinedClip } from './release-outline.ts'
import type { ReleaseVideos } from './release-videos.ts'

/** What a reader of the release should know. */
export function releaseIssues(
  dataset: EvaluatedDataset,
  outline: Outline,
  videos?: ReleaseVideos,
): ImportIssue[] {
  const { corpus, excluded, licences } = dataset
  const { clips, runs } = outline
  const issues: ImportIssue[] = []
  const report = (severity: ImportIssue['severity'], message: string) =>
    issues.push({ severity, file: '', line: null, message })
  const count = (test: (clip: OutlinedClip) => boolean) => clips.filter(test).length
  const withoutReference = count(clip => clip.references === 0)
  const flagged = count(clip => clip.state === 'flagged')
  if (clips.length === 0) report('error', nothingToExport({ excluded }).message)
  for (const problem of licenceProblems(clips, licences)) report('warning', problem)
  const ofVersion = versionProblem(dataset, outline)
  if (ofVersion !== null) report('warning', ofVersion)
  if (withoutReference > 0)
    report('warning', `${clipsOf(withoutReference)} without a reference: in the release, but in no score.`)
  if (flagged > 0) report('info', `${clipsOf(flagged)} flagged.`)
  const unstated = unstatedOf(corpus)
  if (unstated.length > 0)
    report('info', `The release does not state its ${unstated.join(', ')}: catalogues ask for it.`)
  if (corpus.textLanguage === '')
    report(
      'info',
      'The language of the references is not stated: scores use the tokenizer for European languages.',
    )
  const unseen = videos ? clips.length - videos.clips.size : 0
  if (unseen > 0)
    report('warning', `The video of ${clipsOf(unseen)} is not on this machine: their texts go without it.`)
  for (const { name, hasOutput } of runs) {
    const translated = hasOutput.reduce((sum, has) => sum + has, 0)
    if (translated < clips.length)
      report('info', `${name} has translated ${translated} of the ${clips.length} clips.`)
  }
  return issues
}

/** What DataCite and Croissant require of a published dataset and nobody has filled in. */
function unstatedOf({ creators, publisher, doi, homepage, licence }: EvaluatedDataset['corpus']): string[] {
  return [
    ...(creators && creators.length > 0 ? [] : ['creators']),
    ...(publisher ? [] : ['publisher']),
    ...(doi || homepage ? [] : ['DOI or address']),
    ...(licence ? [] : ['licence as a whole']),
  ]
}

/** Terms that a release as a whole has to keep. */
function licenceProblems(clips: readonly OutlinedClip[], licences: EvaluatedDataset['licences']): string[] {
  const alike = licences.filter(({ shareAlike }) => shareAlike).map(({ name }) => name)
  const named = new Set(clips.map(({ licence }) => licence))
  if (alike.length > 1)
    return [`${alike.join(' and ')} each ask to be the licence of the whole: publish their clips apart.`]
  if (alike.length === 1 && named.size > 1)
    return [`${alike[0]} asks to be the licence of the whole, and other clips are under another.`]
  return []
}

export function nothingToExport({ excluded }: Pick<EvaluatedDataset, 'excluded'>): AppError {
  const { 'not-selected': _asked, flagged: _flagged, ...barred } = excluded
  const count = Object.values(barred).reduce((sum, clips) => sum + clips, 0)
  if (count === 0) return new AppError('invalid-input', 'No clip matches: choose another split, or all.')
  const reasons = Object.entries(barred).map(([reason, clips]) => `${reason} (${clips})`)
  return new AppError(
    'not-permitted',
    `No clip may leave: ${reasons.join(', ')}. Record what signers consented to and the licence of the media, or choose another purpose.`,
    { details: { excluded } },
  )
}

function clipsOf(count: number): string {
  return count === 1 ? '1 clip' : `${count} clips`
}
