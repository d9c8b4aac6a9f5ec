import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { ImportIssue, ImportSource } from '#shared/contract/transfer.ts'
import { featureFolderKind, type FeatureKind, featureNames } from '../../formats/spamo-features.ts'
import { readSpamoInfo, type SpamoInfo, spamoInfoName, type SpamoSample } from '../../formats/spamo-info.ts'
import { shownFile } from './check-clips.ts'
import { listFolder, scanFolder } from './folder-scan.ts'
import { createMediaLookup, type MediaLookup } from './media-lookup.ts'
import { type ImportPlan, type MediaPlace, NO_TABLE, type PlannedClip } from './plan.ts'

const MAX_DEPTH = 5
const TAG_LANGUAGES: Record<string, string> = { phoenix14t: 'de', 'csl-daily': 'zh', how2sign: 'en' }

interface SpamoFolder {
  infos: string[]
  features: Record<FeatureKind, string[]>
}

/** SpaMo's annotation files, its feature folders and, where they are there, the pictures. */
export async function planSpamo(source: ImportSource, root: string): Promise<ImportPlan> {
  const folder = await findSpamo(root, source.table)
  if (folder.infos.length === 0)
    throw new AppError(
      'invalid-input',
      `There is no annotation file of SpaMo (train_info.npy, dev_info_ml.npy …) in ${root}.`,
      { details: { file: root } },
    )
  const lookup = createMediaLookup(root, await scanFolder(root))
  const clips: PlannedClip[] = []
  const issues: ImportIssue[] = []
  for (const path of onePerSplit(folder.infos, source.split)) {
    const file = shownFile(root, path)
    const info = readSpamoInfo(await readFile(path), file)
    issues.push(...infoIssues(info, file))
    const split = spamoInfoName(basename(path))?.split ?? ''
    for (const sample of info.samples)
      clips.push(plannedClip(source, { path, split, folder, lookup, root }, sample))
  }
  const tables = folder.infos.map(path => shownFile(root, path))
  return { ...NO_TABLE, table: tables.join(', '), tables, format: 'spamo-info', root, clips, issues }
}

async function findSpamo(
  root: string,
  table: string | undefined,
  maxDepth = MAX_DEPTH,
): Promise<SpamoFolder> {
  const found: SpamoFolder = {
    infos: table === undefined ? [] : [table],
    features: { spatial: [], motion: [] },
  }
  let folders = [root]
  for (let depth = 0; depth <= maxDepth && folders.length > 0; depth++) {
    const next: string[] = []
    for (const folder of folders)
      for (const entry of await listFolder(folder).catch(() => [])) {
        const path = join(folder, entry.name)
        const kind = entry.isFile() ? null : featureFolderKind(entry.name)
        if (kind) found.features[kind].push(path)
        else if (entry.isFile() && table === undefined && spamoInfoName(entry.name)) found.infos.push(path)
        else if (!entry.isFile() && !/^(train|dev|val|test|fullFrame.*|\..*)$/i.test(entry.name))
          next.push(path)
      }
    folders = next
  }
  return found
}

/** The multilingual file says all that the other one does, and more. */
function onePerSplit(paths: readonly string[], only: string | undefined): string[] {
  const bySplit = new Map<string, string>()
  for (const path of paths.toSorted()) {
    const name = spamoInfoName(basename(path))
    const split = name?.split ?? ''
    if (only !== undefined && split !== only) continue
    if (!bySplit.has(split) || name?.isMultilingual) bySplit.set(split, path)
  }
  return [...bySplit.values()]
}

function infoIssues({ prefix, padding }: SpamoInfo, file: string): ImportIssue[] {
  const issues: ImportIssue[] = []
  const issue = (message: string): ImportIssue => ({ severity: 'info', file, line: null, message })
  if (prefix === null)
    issues.push(
      issue(
        'The file has no entry “prefix”. Loaders that count on one leave its last sample out; here all are read.',
      ),
    )
  if (padding.length > 0) issues.push(issue(`${padding.length} empty entries are padding and no samples.`))
  return issues
}

interface SamplePlace {
  path: string
  split: string
  folder: SpamoFolder
  lookup: MediaLookup
  root: string
}

function plannedClip(source: ImportSource, place: SamplePlace, sample: SpamoSample): PlannedClip {
  const { path, split, folder, lookup, root } = place
  const hasSafeName = !/(?:^|[\\/])\.\.(?:[\\/]|$)|^[\\/]|^[a-z]:/i.test(sample.fileId)
  const features = {
    spatial: hasSafeName ? findFeature(folder, 'spatial', split, sample) : null,
    motion: hasSafeName ? findFeature(folder, 'motion', split, sample) : null,
  }
  const media = mediaOf(sample, lookup, root, features.spatial !== null)
  return {
    origin: path,
    line: null,
    name: sample.fileId,
    split: source.split ?? split,
    signer: sample.signer === '' || sample.signer === 'unknown' ? null : sample.signer,
    language: source.language ?? TAG_LANGUAGES[sample.tag.toLowerCase()] ?? '',
    text: sample.text,
    gloss: sample.gloss,
    // Of a span without its video there is nothing around it.
    ...timesIn(media.absent ? null : sample.startSeconds, media.absent ? null : sample.endSeconds),
    media,
    recording: sample.fileId,
    features,
    problem: hasSafeName
      ? null
      : `The sample ${sample.index} names files outside the folder (${sample.fileId}).`,
  }
}

function timesIn(start: number | null, end: number | null) {
  const ms = (seconds: number | null) => (seconds === null || seconds < 0 ? null : Math.round(seconds * 1000))
  return { startMs: ms(start), endMs: ms(end) }
}

function findFeature(
  { features }: SpamoFolder,
  kind: FeatureKind,
  split: string,
  { fileId, startSeconds }: SpamoSample,
): string | null {
  // How2Sign's annotation file is called `val`, its feature folder `dev`.
  const splits = split === 'val' ? ['val', 'dev'] : split === 'dev' ? ['dev', 'val'] : [split]
  for (const folder of features[kind])
    for (const name of featureNames(kind, fileId, startSeconds))
      for (const path of [...splits.map(each => join(folder, each, name)), join(folder, name)])
        if (existsSync(path)) return path
  return null
}

/** Pictures that are not here stay described: the number of frames and what they were called. */
function mediaOf(
  { fileId, folder, frames, startSeconds }: SpamoSample,
  lookup: MediaLookup,
  root: string,
  hasFeatures: boolean,
): MediaPlace {
  const isVideo = /\.(mp4|mov|avi|mkv|webm)$/i.test(folder)
  const [found] = folder === '' ? [] : lookup.find(folder)
  if (found) return found
  const kind = isVideo ? 'video' : 'frames'
  // Several spans of one video are as many media as long as it is not here.
  const described = `${folder.replace(/\/\*\.[a-z]+$/i, '')}${startSeconds === null ? '' : `#${fileId}`}`
  const problem = hasFeatures
    ? 'There are no pictures of this clip here: it came with features alone, made elsewhere and not verified.'
    : 'There are neither pictures nor features of this clip here.'
  return {
    kind,
    path: join(root, described === '' ? fileId : described),
    absent: { frames: frames ?? 0, problem },
  }
}

/** Whether a folder is SpaMo's: it has an annotation file near its top (upstream: `preprocess/NAME/`). */
export async function hasSpamoInfo(root: string): Promise<boolean> {
  return (await findSpamo(root, undefined, 2)).infos.length > 0
}
