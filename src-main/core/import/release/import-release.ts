import type { ImportedClip, ImportIssue, ImportPreview } from '#shared/contract/transfer.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ReadDb } from '../../../db/types.ts'
import type { CorpusContext } from '../../context.ts'
import { readImportedRelease } from '../../export/imported-release.ts'
import { missingFiles, readRelease, type Release } from './read-release.ts'
import { findClipId, hasClips } from './release.queries.ts'
import { type ReleaseTask, writeRelease } from './write-release.ts'

const MAX_CLIPS_SHOWN = 500

/** What opening a release in this corpus would do; changes nothing. */
export async function previewRelease(db: ReadDb, source: string): Promise<ImportPreview> {
  const release = await readRelease(source)
  const problem = refusal(db, release)
  const clips = release.clips.map(clip => shown(db, clip))
  const known = clips.filter(({ status }) => status === 'known').length
  return {
    format: 'release',
    table: null,
    tables: [],
    delimiter: null,
    encoding: null,
    header: [],
    columns: [],
    sampleRows: [],
    counts: { new: clips.length - known, known, changed: 0, broken: 0 },
    clips: clips.slice(0, MAX_CLIPS_SHOWN),
    issues: [...(problem ? [issue('error', problem.message)] : []), ...(await notes(release))],
  }
}

export async function importRelease(context: CorpusContext, source: string, task: ReleaseTask) {
  const release = await readRelease(source)
  const problem = refusal(context.db, release)
  if (problem) throw problem
  const { issues, ...counts } = await writeRelease(context, release, task)
  return { ...counts, changed: 0, broken: 0, issues: [...issues, ...(await notes(release))] }
}

/** A release is a corpus of its own: mixed into another one, nobody could tell them apart again. */
function refusal(db: ReadDb, { digest, manifest }: Release): AppError | null {
  const earlier = readImportedRelease(db)
  if (earlier?.digest === digest || (!earlier && !hasClips(db))) return null
  return new AppError(
    'conflict',
    `The release ${manifest.corpus.name} opens as a corpus of its own, and this one holds clips already. Make a new corpus and import it there.`,
  )
}

const issue = (severity: ImportIssue['severity'], message: string): ImportIssue => ({
  severity,
  file: '',
  line: null,
  message,
})

async function notes(release: Release): Promise<ImportIssue[]> {
  const { manifest, media, clips, videos } = release
  const missing = await missingFiles(release)
  const runs = manifest.runs.map(({ name }) => name).join(', ')
  return [
    issue('info', `${manifest.corpus.name}: ${manifest.runs.length} runs${runs ? ` (${runs})` : ''}.`),
    ...(videos.size > 0
      ? [
          issue(
            'info',
            `${videos.size} of ${clips.length} clips have their video in the release: each is played from its own file.`,
          ),
        ]
      : []),
    ...(videos.size === clips.length
      ? []
      : [
          issue(
            'info',
            `The ${media.length} media files of the corpus are not in the release. Where you have copies of them, say so on the Clips screen: they are known by their content.`,
          ),
        ]),
    ...missing.map(path => issue('warning', `${path} is listed in the release, but it is not there.`)),
  ]
}

function shown(db: ReadDb, clip: Release['clips'][number]): ImportedClip {
  const [first] = clip.references
  return {
    line: null,
    name: clip.clip,
    file: clip.file ?? '',
    split: clip.split,
    signer: clip.signer,
    text: first?.text ?? '',
    gloss: clip.gloss,
    startMs: clip.startMs,
    endMs: clip.endMs,
    status: findClipId(db, clip.clip) === undefined ? 'new' : 'known',
  }
}
