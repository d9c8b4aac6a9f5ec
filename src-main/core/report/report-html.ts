import { stableJson } from '#main/formats/jsonl.ts'
import type { CorpusScoreRow } from '../export/corpus-scores.ts'
import { dayOf } from '../export/release-descriptions.ts'
import type { SignificanceRow } from '../export/release-significance.ts'
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

/** One row a run; each metric with half the width of its interval where there is one. */
function scoreSection({ plain, scores }: ReportSource): string[] {
  const metrics = [...new Set(scores.map(({ metric }) => metric))]
  if (metrics.length === 0) return ['<h2>Scores</h2><p>No run has translated a clip with a reference.</p>']
  const cell = (row: CorpusScoreRow | undefined) => {
    if (!row) return '–'
    const interval = row.ci ? ` <span class="faint">± ${row.ci.half.toFixed(1)}</span>` : ''
    return `${row.score.toFixed(2)}${interval}`
  }
  const columns: Column<(typeof plain.runs)[number]>[] = [
    { title: 'run', cell: ({ run }) => escaped(run) },
    { title: 'clips', cell: ({ clips }) => String(clips), isNumber: true },
    ...metrics.map(metric => ({
      title: metric === 'TER' ? 'TER ↓' : metric,
      cell: ({ run }: (typeof plain.runs)[number]) =>
        cell(scores.find(row => row.system_id === run && row.metric === metric)),
      isNumber: true,
    })),
  ]
  return [
    '<h2>Scores</h2>',
    table('Corpus scores, with half the width of the 95 % interval', columns, plain.runs),
  ]
}

export const pText = (p: number | null) => (p === null ? '–' : p < 0.001 ? '< 0.001' : p.toFixed(3))

function testSection({ tests }: ReportSource): string[] {
  if (tests.length === 0) return []
  const columns: Column<SignificanceRow>[] = [
    { title: 'run', cell: ({ system }) => escaped(system) },
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

function signatureSection({ scores, tests }: ReportSource): string[] {
  const signatures = new Map(scores.map(({ metric, signature }) => [metric, signature]))
  const ofTests = new Map(tests.map(({ metric, signature }) => [`${metric}, test`, signature]))
  if (signatures.size === 0) return []
  return [
    '<h2>Signatures</h2>',
    list(
      [...signatures, ...ofTests].map(
        ([name, signature]) => `${escaped(name)}: <code>${escaped(signature)}</code>`,
      ),
    ),
  ]
}

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
