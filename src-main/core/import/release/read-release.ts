import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { readCsv } from '../../../formats/csv.ts'
import { readJsonl } from '../../../formats/jsonl.ts'
import { DATASET_FORMAT, MANIFEST } from '../../export/dataset-folder.ts'
import { PAIRS_FILE } from '../../export/release-parts.ts'
import { readTsv } from '../../export/release-rights.ts'
import {
  ReleasedCampaign,
  ReleasedClip,
  ReleasedDocumentRating,
  ReleasedHypothesis,
  ReleasedItem,
  ReleasedMedia,
  ReleasedTests,
  ReleaseManifest,
} from './released.ts'

/** A release as its files tell it, checked against its own checksums. */
export interface Release {
  dir: string
  /** SHA-256 of the manifest, which names that of every other file. */
  digest: string
  manifest: z.infer<typeof ReleaseManifest>
  clips: z.infer<typeof ReleasedClip>[]
  media: z.infer<typeof ReleasedMedia>[]
  consents: Record<string, string>[]
  licences: Record<string, string>[]
  documentRatings: z.infer<typeof ReleasedDocumentRating>[]
  campaigns: z.infer<typeof ReleasedCampaign>[]
  items: z.infer<typeof ReleasedItem>[]
  tests: z.infer<typeof ReleasedTests>
  /** The files that clips were cut into, by the names of the clips. */
  videos: ReadonlyMap<string, ReleasedVideo>
  /** Read again each time, as there may be many. */
  hypotheses: () => Iterable<z.infer<typeof ReleasedHypothesis>>
}

export type ReleasedVideo = z.infer<typeof ReleaseManifest>['files'][number]

export async function isRelease(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, MANIFEST), 'utf8').catch(() => '')
  return text.includes(`"${DATASET_FORMAT}"`)
}

const FILES = {
  clips: 'data/clips.jsonl',
  media: 'data/media.jsonl',
  hypotheses: 'hypotheses.jsonl',
  documentRatings: 'document-ratings.jsonl',
  campaigns: 'campaigns.jsonl',
  items: 'judgements.jsonl',
  tests: PAIRS_FILE,
  consents: 'CONSENT.tsv',
  licences: 'LICENSES.tsv',
} as const

/** @throws AppError 'corrupt-file' where a file that is needed is gone, or is not the one that was written */
export async function readRelease(source: string): Promise<Release> {
  const dir = resolve(source)
  const bytes = await readFile(join(dir, MANIFEST)).catch((cause: unknown) => {
    throw new AppError('not-found', `There is no ${MANIFEST} in ${dir}: it is no release.`, {
      cause,
      details: { file: join(dir, MANIFEST) },
    })
  })
  const manifest = parsed(ReleaseManifest, JSON.parse(bytes.toString('utf8')), join(dir, MANIFEST), 1)
  const { name, files } = { name: basename(dir), files: manifest.files }
  if (!files.some(({ path }) => path === FILES.clips))
    throw new AppError(
      'invalid-input',
      `${name} holds its clips only as ${files
        .filter(({ path }) => path.startsWith('data/'))
        .map(({ path }) => path)
        .join(', ')}. Ask for a release with JSON lines: only they hold everything.`,
      { details: { file: dir } },
    )
  const read = async (path: string) => {
    const listed = files.find(file => file.path === path)
    return listed ? checkedBytes(dir, listed) : new Uint8Array()
  }
  const tests = Buffer.from(await read(FILES.tests)).toString('utf8')
  const hypotheses = await read(FILES.hypotheses)
  const clips = [...linesOf(ReleasedClip, await read(FILES.clips), FILES.clips)]
  return {
    dir,
    digest: createHash('sha256').update(bytes).digest('hex'),
    manifest,
    clips,
    media: [...linesOf(ReleasedMedia, await read(FILES.media), FILES.media)],
    consents: readTsv(await read(FILES.consents)),
    licences: readTsv(await read(FILES.licences)),
    documentRatings: [
      ...linesOf(ReleasedDocumentRating, await read(FILES.documentRatings), FILES.documentRatings),
    ],
    campaigns: [...linesOf(ReleasedCampaign, await read(FILES.campaigns), FILES.campaigns)],
    items: [...linesOf(ReleasedItem, await read(FILES.items), FILES.items)],
    tests: parsed(ReleasedTests, JSON.parse(tests || '[]'), FILES.tests, 1),
    videos: await readVideos(files, read),
    hypotheses: () => linesOf(ReleasedHypothesis, hypotheses, FILES.hypotheses),
  }
}

/** `videos/SPLIT/metadata.csv` says which clip a file is of. */
async function readVideos(
  files: readonly ReleasedVideo[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<Map<string, ReleasedVideo>> {
  const listed = new Map(files.map(file => [file.path, file]))
  const videos = new Map<string, ReleasedVideo>()
  for (const { path } of files) {
    const folder = /^(videos\/.*\/)metadata\.csv$/.exec(path)?.[1]
    if (folder === undefined) continue
    const [header, ...rows] = readCsv(await read(path), { delimiter: ',', file: path }).rows
    const [fileAt, clipAt] = ['file_name', 'segment_id'].map(name => header?.cells.indexOf(name) ?? -1)
    for (const { cells } of rows) {
      const video = listed.get(folder + cells[fileAt!])
      if (video) videos.set(cells[clipAt!] ?? '', video)
    }
  }
  return videos
}

async function checkedBytes(
  dir: string,
  { path, sha256 }: { path: string; sha256: string },
): Promise<Buffer> {
  const file = join(dir, path)
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new AppError('corrupt-file', `${path} is missing from the release in ${dir}. Get it again.`, {
      cause,
      details: { file },
    })
  })
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  throw new AppError(
    'corrupt-file',
    `${path} is not the file that the release was made with: its checksum is another. Get the release again.`,
    { details: { file } },
  )
}

function* linesOf<T extends z.ZodType>(schema: T, bytes: Uint8Array, file: string): Generator<z.infer<T>> {
  for (const { line, value } of readJsonl(bytes, file)) yield parsed(schema, value, file, line)
}

function parsed<T extends z.ZodType>(schema: T, value: unknown, file: string, line: number): z.infer<T> {
  const { data, error } = schema.safeParse(value)
  if (data !== undefined) return data
  const [issue] = error?.issues ?? []
  throw new AppError(
    'corrupt-file',
    `${file}, line ${line}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not as a release has it'}.`,
    { details: { file, line }, cause: error },
  )
}

/** Files that the manifest lists and the folder lacks: nothing that is read depends on them. */
export async function missingFiles({ dir, manifest }: Release): Promise<string[]> {
  const found = await Promise.all(
    manifest.files.map(({ path }) => stat(join(dir, path)).then(Boolean, () => false)),
  )
  return manifest.files.filter((_, i) => !found[i]).map(({ path }) => path)
}
