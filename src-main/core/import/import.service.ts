import type { ImportedClip, ImportIssue, ImportPreview, ImportSource } from '#shared/contract/transfer.ts'
import type { ReadDb } from '../../db/types.ts'
import { announce, type CorpusContext } from '../context.ts'
import { nameTaken } from './apply.ts'
import { checkClips, shownFile } from './check-clips.ts'
import { findClipByName, nameOfWholeFile } from './import.queries.ts'
import { makePlan } from './make-plan.ts'
import type { ImportPlan, PlannedClip } from './plan.ts'
import { probeHeaders } from './probe-headers.ts'
import { correctedMessage, decideText } from './reference-text.ts'
import { importRelease, previewRelease } from './release/import-release.ts'
import { isRelease } from './release/read-release.ts'
import { writeFeatures } from './write-features.ts'
import { writeClips } from './write-clips.ts'

const MAX_CLIPS_SHOWN = 500
const MAX_ISSUES = 500

export interface ImportTask {
  signal: AbortSignal
  onProgress: (doneFiles: number, totalFiles: number, file: string) => void
}

export interface ImportResult {
  added: number
  changed: number
  known: number
  broken: number
  /** What went wrong or deserves a look, clip by clip. */
  issues: ImportIssue[]
}

export function createImportService(context: CorpusContext) {
  const { db } = context

  /** What an import would do; changes nothing and looks only at the beginnings of files. */
  async function preview(source: ImportSource, signal?: AbortSignal): Promise<ImportPreview> {
    if (await asksForRelease(source)) return previewRelease(db, source.source)
    const plan = await checkedPlan(db, source, signal)
    const headerIssues = await probeHeaders(plan.root, plan.clips)
    signal?.throwIfAborted()
    const statuses = plan.clips.map(clip => statusOf(db, plan, clip))
    const counts = { new: 0, known: 0, changed: 0, broken: 0 }
    for (const { status } of statuses) counts[status]++
    const { root: _root, clips, issues, ...facts } = plan
    const all = [...issues, ...headerIssues, ...statuses.flatMap(({ issue }) => issue ?? [])]
    return {
      ...facts,
      counts,
      clips: clips
        .slice(0, MAX_CLIPS_SHOWN)
        .map((clip, at) => shownClip(plan.root, clip, statuses[at]?.status ?? 'new')),
      issues: firstIssues(all),
    }
  }

  /**
   * Imports what can be imported, in small transactions: stopped halfway and run again, it goes on where it was.
   * Broken clips are left out and told.
   */
  async function run(source: ImportSource, task: ImportTask): Promise<ImportResult> {
    if (await asksForRelease(source)) return opened(source, task)
    const plan = await checkedPlan(db, source, task.signal)
    const result = await writeClips(context, source, plan, task)
    result.issues.push(...(await writeFeatures(context, plan, task)))
    if (result.added + result.changed > 0) {
      announce(context, 'clips')
      announce(context, 'media')
    }
    return { ...result, issues: firstIssues([...plan.issues, ...result.issues]) }
  }

  async function opened({ source }: ImportSource, { signal, onProgress }: ImportTask): Promise<ImportResult> {
    const result = await importRelease(context, source, {
      signal,
      onProgress: (done, total) => onProgress(done, total, source),
    })
    for (const kind of ['clips', 'media', 'run', 'rights'] as const) announce(context, kind)
    return result
  }

  return { preview, run }
}

async function asksForRelease({ format, source }: ImportSource): Promise<boolean> {
  return format === 'release' || (format === 'auto' && (await isRelease(source)))
}

export type ImportService = ReturnType<typeof createImportService>

async function checkedPlan(db: ReadDb, source: ImportSource, signal?: AbortSignal): Promise<ImportPlan> {
  const plan = await makePlan(source, signal)
  for (const clip of plan.clips) keepName(db, clip)
  return { ...plan, issues: [...plan.issues, ...checkClips(plan.root, plan.clips, plan.table !== null)] }
}

/** A file that stands in no table keeps the name under which it came in, though another folder may now hold its namesake. */
function keepName(db: ReadDb, clip: PlannedClip): void {
  if (clip.line === null && clip.media) clip.name = nameOfWholeFile(db, clip.media.path) ?? clip.name
}

function statusOf(
  db: ReadDb,
  plan: ImportPlan,
  clip: PlannedClip,
): { status: ImportedClip['status']; issue?: ImportIssue } {
  if (clip.problem) return { status: 'broken' }
  const known = findClipByName(db, clip.name)
  if (!known) return { status: 'new' }
  const at = { file: shownFile(plan.root, clip.origin), line: clip.line }
  // Whether a file of the same name elsewhere is the same file is found out while importing, by its content.
  const isElsewhere = clip.media !== null && clip.media.path !== known.path
  if (isElsewhere && clip.media?.kind === 'video' && clip.bytes !== undefined && clip.bytes !== known.bytes)
    return {
      status: 'broken',
      issue: { severity: 'error', ...at, message: nameTaken(clip.name, known.path) },
    }
  const decision = decideText(db, known, clip.text)
  if (decision === 'keep-corrected')
    return {
      status: 'known',
      issue: { severity: 'info', ...at, message: correctedMessage(known, clip.name) },
    }
  const isChanged = decision === 'apply' || (clip.gloss !== '' && clip.gloss !== known.gloss)
  return { status: isChanged ? 'changed' : 'known' }
}

function shownClip(root: string, clip: PlannedClip, status: ImportedClip['status']): ImportedClip {
  const { line, name, split, signer, text, gloss, startMs, endMs, media } = clip
  return {
    line,
    name,
    file: media ? shownFile(root, media.path) : '',
    split,
    signer,
    text,
    gloss,
    startMs,
    endMs,
    status,
  }
}

const ORDER = { error: 0, warning: 1, info: 2 }

/** The worst first; a table of 20,000 lines may have a complaint about each. */
function firstIssues(issues: readonly ImportIssue[]): ImportIssue[] {
  const sorted = issues.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity])
  if (sorted.length <= MAX_ISSUES) return sorted
  const rest = sorted.length - MAX_ISSUES
  const { severity, file } = sorted[MAX_ISSUES] ?? { severity: 'info' as const, file: '' }
  return [
    ...sorted.slice(0, MAX_ISSUES),
    { severity, file, line: null, message: `${rest} more of this kind are not listed.` },
  ]
}
