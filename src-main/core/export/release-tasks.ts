import { writesGlosses } from '#shared/domain/task-type.ts'
import { writeWmtXml } from '#main/formats/predictions/write-wmt-xml.ts'
import { type AppraiseTask, writeAppraiseBatch } from '#main/formats/ratings/appraise.ts'
import { writePearmutCampaign } from '#main/formats/ratings/pearmut.ts'
import type { EvaluatedDataset, TaskFormat } from './dataset.types.ts'
import type { Outline } from './release-outline.ts'
import type { PartSource, ReleasePart } from './release-parts.ts'

const FILES: Record<TaskFormat, string> = {
  wmt: 'interop/wmt.xml',
  pearmut: 'interop/pearmut.json',
  appraise: 'interop/appraise-batch.json',
}

const WRITERS: Record<TaskFormat, (dataset: EvaluatedDataset, clips: readonly JudgedClip[]) => string> = {
  wmt: wmtOf,
  pearmut: (dataset, clips) => writePearmutCampaign(factsOf(dataset), tasksOf(clips), SEED),
  appraise: (dataset, clips) => writeAppraiseBatch(factsOf(dataset), tasksOf(clips), SEED),
}

/** Of the order in which the other tools show the outputs. */
const SEED = 12_345

/** The best sentences for the tools of shared tasks: as a system comparison (WMT), and to be rated (Pearmut, Appraise). */
export function taskParts({ dataset, outline }: PartSource): ReleasePart[] {
  const runs = dataset.runs.filter(({ task }) => !writesGlosses(task))
  if (!outline.runs.some(({ isScored, hypotheses }) => isScored && hypotheses > 0)) return []
  const steps = outline.clips.length + outline.runs.reduce((sum, { hypotheses }) => sum + hypotheses, 0)
  return (dataset.tasks ?? []).map(format => ({
    path: FILES[format],
    steps,
    pieces: () => [WRITERS[format]({ ...dataset, runs }, judgedClips({ ...dataset, runs }, outline))],
  }))
}

/** A clip that a run has translated. */
interface JudgedClip {
  name: string
  recording: string
  /** The file and the span of it, as a media fragment (W3C Media Fragments 1.0, 4.2.1). */
  video: string
  references: string[]
  /** In the order of the runs. */
  outputs: { run: string; text: string | undefined }[]
}

function judgedClips({ clips, runs }: EvaluatedDataset, { positions }: Outline): JudgedClip[] {
  const found: JudgedClip[] = []
  for (const { name, recording, file, startMs, endMs, references } of clips)
    found.push({
      name,
      recording,
      video: `${encodeURIComponent(file ?? name)}#t=${startMs / 1000},${endMs / 1000}`,
      references: references.map(({ text }) => text),
      outputs: runs.map(({ name: run }) => ({ run, text: undefined })),
    })
  for (const [r, { hypotheses }] of runs.entries())
    for (const { clip, rank, text } of hypotheses)
      if (rank === 0) found[positions.get(clip)!]!.outputs[r]!.text = text
  return found.filter(({ outputs }) => outputs.some(({ text }) => text !== undefined))
}

const factsOf = ({ corpus }: EvaluatedDataset) => ({
  name: corpus.name,
  protocol: 'da' as const,
  signLanguage: corpus.signLanguage ?? '',
  textLanguage: corpus.textLanguage,
})

const tasksOf = (clips: readonly JudgedClip[]): AppraiseTask[] =>
  clips.flatMap(({ name, recording, video, outputs }) =>
    outputs.flatMap(({ run, text }) =>
      text === undefined ? [] : [{ clip: name, document: recording, video, system: run, text }],
    ),
  )

function wmtOf({ corpus, runs }: EvaluatedDataset, clips: readonly JudgedClip[]): string {
  const documents = [...Map.groupBy(clips, ({ recording }) => recording)].map(([id, own]) => ({
    id,
    segments: own.map(({ video, references, outputs }) => ({
      video,
      references,
      outputs: outputs.map(({ text }) => text),
    })),
  }))
  const { name, signLanguage = '', textLanguage } = corpus
  return writeWmtXml({ name, signLanguage, textLanguage, systems: runs.map(run => run.name), documents })
}
