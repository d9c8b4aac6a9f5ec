import { writeCsv } from '#main/formats/csv.ts'
import type { FolderWriter } from './dataset-folder.ts'
import type { EvaluatedDataset } from './dataset.types.ts'
import { fileNames } from './file-names.ts'
import type { Outline } from './release-outline.ts'
import { hubSplit } from './release-tables.ts'

/** Where the video of a clip comes from. */
export interface ReleaseVideos {
  /** Names of the clips whose video can be had. */
  clips: ReadonlySet<string>
  cut: (clip: string, place: string, signal?: AbortSignal) => Promise<void>
}

/** Files that are not made from texts. */
export interface VideoPart {
  paths: string[]
  steps: number
  write: (folder: FolderWriter, signal?: AbortSignal) => Promise<void>
}

/** To cut and encode a clip takes as long as to write so many lines. */
const CUT_WEIGHT = 400

const COLUMNS = [
  'file_name',
  'segment_id',
  'text',
  'language',
  'gloss',
  'signer_id',
  'start_ms',
  'end_ms',
] as const

interface PlacedVideo {
  clip: string
  /** Within the folder of its split. */
  file: string
}

/** `videos/SPLIT/*.mp4` and `videos/SPLIT/metadata.csv`: a VideoFolder as the library `datasets` reads it. */
export function videoParts(
  { dataset, outline }: { dataset: EvaluatedDataset; outline: Outline },
  { clips, cut }: ReleaseVideos,
): VideoPart[] {
  const placed = outline.clips.filter(({ name }) => clips.has(name))
  const files = fileNames(
    placed.map(({ name }) => name),
    'clip',
  )
  const bySplit = Map.groupBy(
    placed.map(({ name, split }, i) => ({ clip: name, split: hubSplit(split), file: `${files[i]}.mp4` })),
    ({ split }) => split,
  )
  return [...bySplit.keys()].toSorted().flatMap(split => {
    const videos = bySplit.get(split)!
    return [
      ...videos.map(({ clip, file }): VideoPart => {
        const path = `videos/${split}/${file}`
        return {
          paths: [path],
          steps: CUT_WEIGHT,
          write: (folder, signal) => folder.produce(path, place => cut(clip, place, signal)),
        }
      }),
      metadataPart(dataset, `videos/${split}/metadata.csv`, videos),
    ]
  })
}

function metadataPart(dataset: EvaluatedDataset, path: string, videos: readonly PlacedVideo[]): VideoPart {
  const fileOf = new Map(videos.map(({ clip, file }) => [clip, file]))
  function* rows(): Generator<string> {
    yield writeCsv([COLUMNS])
    for (const { name, references, gloss, signer, startMs, endMs } of dataset.clips) {
      const file = fileOf.get(name)
      const [first] = references
      if (file === undefined) continue
      yield writeCsv([
        [file, name, first?.text ?? null, first?.language ?? null, gloss, signer, startMs, endMs],
      ])
    }
  }
  return { paths: [path], steps: 0, write: folder => folder.write(path, rows()) }
}
