import { stableJson } from '#main/formats/jsonl.ts'
import { recipeNamed } from '#main/metrics/recipes/registry.ts'
import type { CorpusScoreRow } from '../export/corpus-scores.ts'
import { dayOf } from '../export/release-descriptions.ts'
import type { DatasetTest } from '../export/dataset.types.ts'
import type { SignificanceRow } from '../export/release-significance.ts'
import { keyOfWay, nameOfWay } from '../export/scored-ways.ts'
import { type Column, escaped, list, page, table } from './html.ts'
import { limits, methodsParagraph } from './methods.ts'
import type { Plot } from './plots.ts'
import type { ReportSource } from './report.types.ts'

/** A report as one HTML file: tables, tests, plots, signatures, methods, limits and rights. */
export function reportHtml(source: ReportSource, figures: readonly Plot[]): string {
  const { dataset, outline } = source
  const title = `${dataset.corpus.name}: evaluation`
  return page(title, [
    `<h1>${escaped(title)}</h1>`,
    `<p class="faint">State of ${dayOf(dataset, outline)}. Made with ${escaped(dataset.generator.name)} ${escaped(dataset.generator.version)}.</p>`,
    ...dataSection(source),
    ...scoreSection(source),
    ...testSection(source),
    ...pairSection(source),
    ...figures.map(
      ({ caption, svg }) => `<figure>${svg}<figcaption>${escaped(caption)}</figcaption></figure>`,
    ),
    ...runSection(source),
    `<h2>Methods</h2><p>${escaped(methodsParagraph(source))}</p>`,
    ...signatureSection(source),
    `<h2>Limits</h2>${list(limits(source).map(escaped))}`,
    ...rightsSection(source),
  ])
}

function dataSection({ dataset, outline }: ReportSource): string[] {
  const { clips } = outline
  const splits = Map.groupBy(clips, ({ split }) => split || '(none)')
  const signers = new Set(clips.flatMap(({ signer }) => signer ?? [])).size
  const seconds = clips.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) / 1000
  const rows = [...splits].map(([split, ofSplit]) => ({
    split,
    clips: ofSplit.length,
    scored: ofSplit.filter(({ references }) => references > 0).length,
  }))
  return [
    '<h2>Data</h2>',
    dataset.corpus.description ? `<p>${escaped(dataset.corpus.description)}</p>` : '',
    `<p>${clips.length} clips of ${signers} signers, ${(seconds / 60).toFixed(1)} minutes; ${outline.scored} of them have a reference.</p>`,
    table(
      'Clips by split',
      [
        { title: 'split', cell: ({ split }) => escaped(split) },
        { title: 'clips', cell: row => String(row.clips), isNumber: true },
        { title: 'with a reference', cell: row => String(row.scored), isNumber: true },
      ],
      rows,
    ),
  ]
}

/** A table for each way of scoring. */
function scoreSection({ plain, scores }: ReportSource): string[] {
  if (scores.length === 0) return ['<h2>Scores</h2><p>No run has translated a clip with a reference.</p>']
  const byWay = Map.groupBy(scores, keyOfWay)
  const tables = [...byWay.values()].map(rows => {
    const { name } = recipeNamed(rows[0]!.recipe)
    const repairs =
      rows[0]!.normalisers.length > 0 ? `, texts repaired: ${rows[0]!.normalisers.join(', ')}` : ''
    const caption = `${name}${repairs}: corpus scores, with half the width of the 95 % interval`
    return scoreTable(caption, plain.runs, rows)
  })
  return ['<h2>Scores</h2>', ...tables]
}

/** One row a run; each metric with half the width of its interval where there is one. */
function scoreTable(
  caption: string,
  runs: ReportSource['plain']['runs'],
  scores: readonly CorpusScoreRow[],
): string {
  const metrics = [...new Set(scores.map(({ metric }) => metric))]
  const cell = (row: CorpusScoreRow | undefined) => {
    if (!row) return '–'
    const interval = row.ci ? ` <span class="faint">± ${row.ci.half.toFixed(1)}</span>` : ''
    return `${row.score.toFixed(2)}${interval}`
  }
  const columns: Column<(typeof runs)[number]>[] = [
    { title: 'run', cell: ({ run }) => escaped(run) },
    { title: 'clips', cell: ({ clips }) => String(clips), isNumber: true },
    ...metrics.map(metric => ({
      title: metric === 'TER' ? 'TER ↓' : metric,
      cell: ({ run }: (typeof runs)[number]) =>
        cell(scores.find(row => row.system_id === run && row.metric === metric)),
      isNumber: true,
    })),
  ]
  return table(caption, columns, runs)
}

export const pText = (p: number | null) => (p === null ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3))

function testSection({ tests }: ReportSource): string[] {
  if (tests.length === 0) return []
  const columns: Column<SignificanceRow>[] = [
    { title: 'run', cell: ({ system }) => escaped(system) },
    ...(new Set(tests.map(keyOfWay)).size > 1
      ? [{ title: 'scored by', cell: (row: SignificanceRow) => escaped(nameOfWay(row)) }]
      : []),
    { title: 'metric', cell: ({ metric }) => escaped(metric) },
    { title: 'clips', cell: row => String(row.n_segments), isNumber: true },
    { title: 'difference', cell: ({ delta }) => signed(delta), isNumber: true },
    { title: 'p', cell: ({ p }) => escaped(pText(p)), isNumber: true },
    { title: 'p (Holm)', cell: row => escaped(pText(row.p_holm)), isNumber: true },
  ]
  const same = tests.some(({ p }) => p === null)
    ? '<p class="faint">–: both have the same score, so there is nothing to test.</p>'
    : ''
  return ['<h2>Significance</h2>', table(`Differences to ${tests[0]!.baseline}`, columns, tests), same]
}

interface PairRow {
  first: string
  second: string
  metric: string
  difference: number
  p: number | null
  pHolm: number | null
}

/** Tests of all pairs, as people made them. */
function pairSection({ pairs }: ReportSource): string[] {
  if (pairs.length === 0) return []
  const columns: Column<PairRow>[] = [
    { title: 'run', cell: ({ second }) => escaped(second) },
    { title: 'against', cell: ({ first }) => escaped(first) },
    { title: 'metric', cell: ({ metric }) => escaped(metric) },
    { title: 'difference', cell: ({ difference }) => signed(difference), isNumber: true },
    { title: 'p', cell: ({ p }) => escaped(pText(p)), isNumber: true },
    { title: 'p (Holm)', cell: ({ pHolm }) => escaped(pText(pHolm)), isNumber: true },
  ]
  return [
    '<h2>Tests of all pairs</h2>',
    ...pairs.map(test => table(captionOf(test), columns, pairRows(test))),
  ]
}

function captionOf(test: DatasetTest): string {
  const kind = test.test === 'ar' ? 'approximate randomization' : 'bootstrap'
  const split = test.split === null ? 'all splits' : `split ${test.split || '(none)'}`
  const day = new Date(test.testedAt).toISOString().slice(0, 10)
  return `${nameOfWay(test)}, ${test.clips} clips (${split}): paired ${kind}, ${test.samples} samples, seed ${test.seed}; ${day}`
}

const pairRows = ({ tables, runs }: DatasetTest): PairRow[] =>
  tables
    .filter(({ key }) => !/^bleu-[123]$/.test(key))
    .flatMap(({ metric, pairs }) =>
      pairs.map(({ first, second, ...pair }) => ({
        ...pair,
        metric,
        first: runs[first]!,
        second: runs[second]!,
      })),
    )

export const signed = (difference: number) =>
  `${difference > 0 ? '+' : difference < 0 ? '−' : '±'}${Math.abs(difference).toFixed(2)}`

function runSection({ dataset }: ReportSource): string[] {
  if (dataset.runs.length === 0) return []
  return [
    '<h2>Runs</h2>',
    ...dataset.runs.map(({ name, model, device, createdAt, parameters }) => {
      const facts = [
        `model ${escaped(`${model.name} ${model.version}`.trim())} (${escaped(model.kind)})`,
        `weights and preprocessing <code>${model.fingerprint.slice(0, 16)}…</code>`,
        ...(model.licence ? [`licence ${escaped(model.licence)}`] : []),
        `made ${new Date(createdAt).toISOString().slice(0, 10)}${device ? ` on ${escaped(device)}` : ''}`,
        `settings <code>${escaped(stableJson(parameters))}</code>`,
      ]
      return `<h3>${escaped(name)}</h3>${list(facts)}`
    }),
  ]
}

/** Each signature once, with what it does not say; the orders of BLEU share a line. */
function signatureSection({ scores, tests }: ReportSource): string[] {
  const all = [...scores, ...tests.map(row => ({ ...row, metric: `${row.metric}, test` }))]
  if (all.length === 0) return []
  const same = Map.groupBy(all, ({ signature, slt }) => JSON.stringify([signature, slt.replace(ORDER, '')]))
  const lines = [...same.values()].map(rows => {
    const { signature, slt } = rows[0]!
    const metrics = [...new Set(rows.map(({ metric }) => metric))].join(', ')
    const orders = [...new Set(rows.map(row => ORDER.exec(row.slt)?.[1]))].join(',')
    const shared = slt.replace(ORDER, `order:${orders}|`)
    return `${escaped(metrics)}: <code>${escaped(signature)}</code> <code>${escaped(shared)}</code>`
  })
  return ['<h2>Signatures</h2>', list(lines)]
}

const ORDER = /^order:(\d)\|/

function rightsSection({ dataset, outline }: ReportSource): string[] {
  const byLicence = Map.groupBy(outline.clips, ({ licence }) => licence || 'no licence stated')
  const licences = [...byLicence].map(([name, clips]) => `${escaped(name)}: ${clips.length} clips`)
  return [
    '<h2>Rights</h2>',
    '<p>This report holds numbers alone: no video, no sentence and no name of a signer, annotator or rater.</p>',
    list(licences),
    ...(dataset.corpus.citation ? [`<p>${escaped(dataset.corpus.citation)}</p>`] : []),
  ]
}
