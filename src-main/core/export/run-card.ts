import { stableJson } from '#main/formats/jsonl.ts'
import { SACREBLEU_VERSION } from '#main/metrics/metric.ts'
import type { ListedFile } from './dataset-folder.ts'
import { plainFilesOf, type PlainRun } from './dataset-plain.ts'
import type { DatasetRun, EvaluatedDataset } from './dataset.types.ts'
import { fileNames } from './file-names.ts'
import type { Made, PartSource, ReleasePart } from './release-parts.ts'

/** `runs/RUN/run_card.json` and `.md`: what has to be known of a run to trust and to repeat it. */
export function runCardParts({ dataset, outline }: PartSource): ReleasePart[] {
  const names = fileNames(dataset.runs.map(({ name }) => name))
  const inputs = plainFilesOf(outline)
  return dataset.runs.flatMap((run, i): ReleasePart[] => {
    const cardOf = ({ plain, files }: Made) =>
      runCard({ dataset, run, scored: plain.runs[i]!, files: listed(files, inputs[i]!) })
    return [
      {
        path: `runs/${names[i]}/run_card.json`,
        steps: 0,
        pieces: made => [`${stableJson(cardOf(made), 2)}\n`],
      },
      { path: `runs/${names[i]}/run_card.md`, steps: 0, pieces: made => [asText(cardOf(made))] },
    ]
  })
}

function listed(
  files: readonly ListedFile[],
  { hypotheses, references, ids }: ReturnType<typeof plainFilesOf>[number],
): ListedFile[] {
  const wanted = new Set([hypotheses, ids, ...references])
  return files.filter(({ path }) => wanted.has(path))
}

interface CardSource {
  dataset: EvaluatedDataset
  run: DatasetRun
  scored: PlainRun
  files: readonly ListedFile[]
}

function runCard({ dataset, run, scored, files }: CardSource) {
  const { model, work } = run
  return {
    run: run.name,
    kind: run.kind,
    task: run.task,
    made_at: new Date(run.createdAt).toISOString(),
    model: {
      name: model.name,
      version: model.version,
      family: model.kind,
      bundle_sha256: model.fingerprint,
      licences: model.licence,
      provenance: model.provenance,
    },
    decoding: run.parameters,
    device: run.device,
    // Where a job was interrupted, the clock says nothing of the rate.
    work: work && {
      ...work,
      clips_per_second: work.attempts === 1 && work.seconds > 0 ? work.clips / work.seconds : null,
    },
    warning: run.warning,
    evaluation: {
      clips: scored.clips,
      untranslated: scored.untranslated,
      references: scored.references,
      scores: scored.scores.map(({ metric, score, signature }) => ({ metric, score, signature })),
      inputs: files.map(({ path, sha256 }) => ({ path, sha256 })),
    },
    versions: {
      [dataset.generator.name]: dataset.generator.version,
      'sacreBLEU reproduced': SACREBLEU_VERSION,
    },
  }
}

type RunCard = ReturnType<typeof runCard>

const code = (value: unknown) => `\`${String(value).replaceAll('`', "'")}\``

function asText(card: RunCard): string {
  const { model, evaluation, work } = card
  const lines = [
    `# Run card: ${card.run}\n`,
    `- task: ${card.task}`,
    `- model: ${model.name} ${model.version} (${model.family})`,
    `- bundle, SHA-256: ${code(model.bundle_sha256)}`,
    `- licences: ${model.licences ?? 'not stated'}`,
    `- made: ${card.made_at}`,
    `- device: ${card.device ?? 'not recorded'}`,
    ...(work?.clips_per_second ? [`- rate: ${work.clips_per_second.toFixed(2)} clips a second`] : []),
    ...(card.warning === null ? [] : [`- warning: ${card.warning}`]),
    '\n## Decoding\n',
    '```json',
    stableJson(card.decoding, 2),
    '```\n',
    '## Evaluation\n',
    `${evaluation.clips} clips with ${evaluation.references} references each; ${evaluation.untranslated} clips with a reference are not translated.\n`,
    ...(evaluation.scores.length === 0 ? [] : ['| metric | score | signature |', '| --- | ---: | --- |']),
    ...evaluation.scores.map(
      ({ metric, score, signature }) =>
        `| ${metric} | ${score.toFixed(2)} | ${code(signature.replaceAll('|', String.raw`\|`))} |`,
    ),
    '\nScored from:\n',
    ...evaluation.inputs.map(({ path, sha256 }) => `- ${code(path)} ${code(sha256)}`),
    '',
  ]
  return lines.join('\n')
}
