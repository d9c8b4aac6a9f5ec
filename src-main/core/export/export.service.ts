import { readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { EXCLUSIONS, type Exclusion } from '#shared/contract/rights.ts'
import { ExportRequest, type ImportIssue } from '#shared/contract/transfer.ts'
import type { ReadDb } from '../../db/types.ts'
import { openSnapshot } from '../../db/snapshot.ts'
import type { CorpusContext } from '../context.ts'
import { findFact, setFact } from '../corpus/corpus.queries.ts'
import type { FindTokenizer } from '../evaluation/tokenizer-of.ts'
import { clipVideos } from './clip-videos.ts'
import { keepingPseudonyms, readImportedRelease } from './imported-release.ts'
import { MANIFEST } from './dataset-folder.ts'
import { releasePaths, writeEvaluatedDataset } from './dataset.ts'
import { type Generator, readDataset, type ReadDataset, releaseName, type Request } from './export-dataset.ts'
import { pseudonyms, secretOf } from './pseudonyms.ts'
import { nothingToExport, releaseIssues } from './release-issues.ts'
import { outlineOf } from './release-outline.ts'
import { rememberWritten } from './written-releases.ts'

export interface ExportPreview {
  clips: number
  excluded: { reason: Exclusion; clips: number }[]
  runs: string[]
  /** Videos of one folder are one line. */
  files: string[]
  fileCount: number
  issues: ImportIssue[]
}

export interface ExportTask {
  signal: AbortSignal
  /** In clips, though each is written many times. */
  onProgress: (done: number, total: number) => void
}

const none: FindTokenizer = () => null

/**
 * Releases of a corpus: what is in the database, written so that the same corpus gives the same bytes. Recipes that put
 * references through a tokenizer have that of the first run whose model is installed.
 */
export function createExportService(context: CorpusContext, generator: Generator, findTokenizer = none) {
  const { db, now } = context

  /** Pseudonyms are made for a release alone: a look at what it would hold writes nothing, not even a secret. */
  function read(from: ReadDb, request: Request, secret: string): ReadDataset {
    const name = releaseName(from, request)
    const made = pseudonyms(secret, name)
    const pseudonymOf = readImportedRelease(from)?.name === name ? keepingPseudonyms(made) : made
    return readDataset(from, request, { generator, findTokenizer, pseudonymOf, at: now() })
  }

  function last(): Request | null {
    const known = findFact(db, 'last-release')
    // A request of an older program may not be one any more: then there is nothing to start from.
    return known === undefined ? null : (ExportRequest.safeParse(JSON.parse(known)).data ?? null)
  }

  async function preview(request: Request, signal?: AbortSignal): Promise<ExportPreview> {
    using snapshot = openSnapshot(db)
    const { dataset, clipIds } = read(snapshot.db, request, '')
    const outline = await outlineOf(dataset, signal)
    const videos = request.withVideo ? clipVideos(snapshot.db, clipIds) : undefined
    const paths = releasePaths(dataset, outline, videos)
    return {
      clips: outline.clips.length,
      excluded: EXCLUSIONS.flatMap(reason => {
        const clips = dataset.excluded[reason]
        return clips === undefined ? [] : [{ reason, clips }]
      }),
      runs: dataset.runs.map(run => run.name),
      files: shownPaths(paths),
      fileCount: paths.length,
      issues: [...(await folderIssues(request.outDir)), ...releaseIssues(dataset, outline, videos)],
    }
  }

  async function run(
    request: Request,
    { signal, onProgress }: ExportTask,
  ): Promise<{ clips: number; files: string[] }> {
    signal.throwIfAborted()
    const secret = secretOf(db)
    using snapshot = openSnapshot(db)
    const { dataset, clipIds } = read(snapshot.db, request, secret)
    const total = clipIds.size
    if (total === 0) throw nothingToExport(dataset)
    setFact(db, 'last-release', JSON.stringify(request))
    let shown = 0
    onProgress(shown, total)
    const { clips, files, written } = await writeEvaluatedDataset(dataset, resolve(request.outDir), {
      signal,
      onShare(share) {
        const done = Math.floor(share * total)
        if (done > shown) onProgress((shown = done), total)
      },
      ...(request.withVideo ? { videos: clipVideos(snapshot.db, clipIds) } : {}),
    })
    rememberWritten(db, { name: dataset.corpus.name, ...written })
    onProgress(total, total)
    return { clips, files: files.map(file => file.path) }
  }

  return { preview, run, last }
}

export type ExportService = ReturnType<typeof createExportService>

/** Only a new folder, an empty one or an earlier release is written to. */
async function folderIssues(outDir: string): Promise<ImportIssue[]> {
  const names: string[] = await readdir(resolve(outDir)).catch(() => [])
  if (names.length === 0 || names.includes(MANIFEST)) return []
  return [
    {
      severity: 'error',
      file: outDir,
      line: null,
      message: 'The folder holds other files. Choose a new or empty one.',
    },
  ]
}

/** Thousands of videos are one line. */
function shownPaths(paths: readonly string[]): string[] {
  const folders = new Map<string, number>()
  const others = paths.filter(path => {
    const folder = /^(videos\/[^/]+)\/.*\.mp4$/.exec(path)?.[1]
    if (folder === undefined) return true
    folders.set(folder, (folders.get(folder) ?? 0) + 1)
    return false
  })
  return [...[...folders].map(([folder, count]) => `${folder}/*.mp4 (${count})`), ...others]
}
