import type { EvaluatedDataset } from './dataset.types.ts'
import type { Outline, OutlinedClip } from './release-outline.ts'
import type { PlainRun, PlainText } from './dataset-plain.ts'
import type { ReleaseTable } from './release-tables.ts'
import { sacrebleuCommands } from './reproduce.ts'
import { byCodeUnit, clipFormats } from './dataset-rows.ts'

/** JSON strings are YAML strings, whatever is in them. */
const yaml = (text: string) => JSON.stringify(text)

/** Sizes as the Hugging Face hub names them. */
function sizeCategory(count: number): string {
  const limits: readonly [number, string][] = [
    [1_000, 'n<1K'],
    [10_000, '1K<n<10K'],
    [100_000, '10K<n<100K'],
    [1_000_000, '100K<n<1M'],
  ]
  return limits.find(([limit]) => count < limit)?.[1] ?? '1M<n<10M'
}

/** `README.md`: a dataset card that the Hugging Face hub and people can read. */
export function datasetCard(
  dataset: EvaluatedDataset,
  outline: Outline,
  plain: PlainText,
  tables: readonly ReleaseTable[] = [],
): string {
  const sections = [
    frontMatter(dataset, outline, tables),
    `# ${dataset.corpus.name}\n`,
    dataset.corpus.description ? `${dataset.corpus.description}\n` : '',
    contents(dataset, outline),
    licences(dataset, outline),
    scoreTable(plain),
    reproduction(plain, dataset),
    provenance(dataset),
    dataset.corpus.citation ? `## Citation\n\n${dataset.corpus.citation}\n` : '',
  ]
  return sections.filter(section => section !== '').join('\n')
}

function frontMatter(dataset: EvaluatedDataset, { clips }: Outline, tables: readonly ReleaseTable[]): string {
  const { corpus } = dataset
  const languages = [corpus.signLanguage, corpus.textLanguage].filter(
    code => code !== undefined && code !== '',
  )
  return [
    '---',
    `pretty_name: ${yaml(corpus.name)}`,
    ...(corpus.licence ? [`license: ${yaml(corpus.licence)}`] : []),
    'language:',
    ...languages.map(code => `- ${yaml(code!)}`),
    'task_categories:',
    '- translation',
    'tags:',
    '- sign-language',
    '- evaluation',
    'size_categories:',
    `- ${sizeCategory(clips.length)}`,
    'configs:',
    ...clipConfig(dataset, tables),
    ...otherConfigs(dataset, tables),
    '---\n',
  ].join('\n')
}

/**
 * The library `datasets` reads all configurations of a folder with one reader, so they have to be of one format: tables
 * beside Parquet, lines beside lines.
 */
function otherConfigs(dataset: EvaluatedDataset, tables: readonly ReleaseTable[]): string[] {
  const isParquet = tables.length > 0
  const others = tables
    .filter(({ name }) => !name.startsWith('segments_'))
    .map(({ name, path }): [string, string] => [name, path])
  const lines: [string, string][] =
    clipFormats(dataset)[0] === 'jsonl' && dataset.runs.length > 0 ? [['hypotheses', 'hypotheses.jsonl']] : []
  return (isParquet ? others : lines).flatMap(([name, path]) => [
    `- config_name: ${name}`,
    '  data_files:',
    '  - split: full',
    `    path: ${path}`,
  ])
}

/** Readers of the hub take the splits from Parquet; where there is none, all clips are one split. */
function clipConfig(dataset: EvaluatedDataset, tables: readonly ReleaseTable[]): string[] {
  const segments = tables.filter(({ name }) => name.startsWith('segments_'))
  const files = segments.map(({ name, path }) => [name.slice('segments_'.length), path])
  if (files.length === 0) files.push(['full', `data/clips.${clipFormats(dataset)[0]}`])
  return [
    '- config_name: clips',
    '  default: true',
    '  data_files:',
    ...files.flatMap(([split, path]) => [`  - split: ${split}`, `    path: ${path}`]),
  ]
}

function contents(dataset: EvaluatedDataset, { clips, scored }: Outline): string {
  const { runs, excluded, generator, use } = dataset
  const left = Object.values(excluded).reduce((sum, count) => sum + count, 0)
  const files = clipFormats(dataset).map(format =>
    format === 'parquet' ? '`data/*.parquet`' : `\`data/clips.${format}\``,
  )
  const splits = countBy(clips, ({ split }) => split || '(none)')
  return [
    '## What is in it\n',
    `${clips.length} clips, ${scored} of them with references; outputs of ${runs.length} runs. ${left} clips of the corpus are left out (reasons in \`manifest.json\`).\n`,
    ...splits.map(([split, count]) => `- split \`${split}\`: ${count} clips`),
    '',
    `- ${files.join(', ')}: clips with times, frames, glosses, references and their versions`,
    '- `hypotheses.jsonl`: every output with sentence scores and ratings (0–100, direct assessment)',
    '- `scores.json`, `eval/corpus_scores.json`: corpus scores with sacreBLEU signatures and confidence intervals',
    '- `eval/significance.json`: every run against one of them, by approximate randomization',
    ...(dataset.tests.length > 0
      ? ['- `eval/pairwise_tests.json`: all pairs of runs, as people have tested them over these sentences']
      : []),
    '- `runs/`: a card for each run',
    '- `data/media.jsonl`: the files that the clips are cut from',
    '- `plain/`: the scored sentences, one a line',
    '- `edits.jsonl`: every change of a reference, before and after',
    '- `LICENSE`, `LICENSES.tsv`, `CONSENT.tsv`: what the clips may be used for',
    '- `manifest.json`, `SHA256SUMS`: SHA-256 of each file, provenance of each run',
    '',
    `${use.withVideo ? '`videos/` holds the clips as a VideoFolder, without sound.' : 'Videos are not part of it; `file` and `contentHash` tell which ones belong to it.'} Written by ${generator.name} ${generator.version}.\n`,
  ].join('\n')
}

function licences({ corpus, use }: EvaluatedDataset, { clips }: Outline): string {
  const byLicence = countBy(clips, ({ licence }) => licence || corpus.licence || 'not stated')
  return [
    '## Licence and consent\n',
    ...byLicence.map(([licence, count]) => `- licence ${licence}: ${count} clips`),
    `- released for: ${use.purpose}${use.territory ? `, in ${use.territory}` : ''}; every signer has consented to that (\`CONSENT.tsv\`)`,
    '',
    'Videos of signers identify people. Use them only within the consent that was given.\n',
  ].join('\n')
}

function countBy(clips: readonly OutlinedClip[], key: (clip: OutlinedClip) => string): [string, number][] {
  const counts = new Map<string, number>()
  for (const clip of clips) counts.set(key(clip), (counts.get(key(clip)) ?? 0) + 1)
  return [...counts].toSorted(([a], [b]) => byCodeUnit(a, b))
}

const cell = (text: string) => text.replaceAll('|', String.raw`\|`).replace(/[\r\n]+/g, ' ')

function scoreTable({ runs }: PlainText): string {
  const scored = runs.filter(({ scores }) => scores.length > 0)
  if (scored.length === 0) return ''
  const names = scored[0]!.scores.map(({ metric }) => metric)
  const row = ({ run, clips, scores }: PlainRun) =>
    `| ${cell(run)} | ${clips} | ${scores.map(({ score }) => score.toFixed(2)).join(' | ')} |`
  return [
    '## Scores\n',
    `| run | clips | ${names.join(' | ')} |`,
    `| --- | ---: | ${names.map(() => '---:').join(' | ')} |`,
    ...scored.map(row),
    '',
    ...scored[0]!.scores.map(({ metric, signature }) => `- ${metric}: \`${signature}\``),
    '',
  ].join('\n')
}

/** The commands that give the same BLEU, chrF and TER. */
function reproduction(plain: PlainText, { corpus }: EvaluatedDataset): string {
  const commands = sacrebleuCommands(plain, corpus.textLanguage)
  if (commands.length === 0) return ''
  return ['## Check the scores\n', '```', ...commands, '```\n'].join('\n')
}

function provenance({ runs }: EvaluatedDataset): string {
  if (runs.length === 0) return ''
  return [
    '## Where the outputs come from\n',
    ...runs.map(({ name, model, warning }) => {
      const licence = model.licence ? `, ${model.licence}` : ''
      return `- **${name}**: ${model.name} ${model.version} (${model.kind}${licence})${warning ? `. ${warning}` : ''}`
    }),
    '',
  ].join('\n')
}
