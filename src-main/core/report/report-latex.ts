import type { CorpusScoreRow } from '../export/corpus-scores.ts'
import { keyOfWay, nameOfWay } from '../export/scored-ways.ts'
import { pText, signed } from './report-html.ts'
import type { ReportSource } from './report.types.ts'

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': String.raw`\textbackslash{}`,
  '{': String.raw`\{`,
  '}': String.raw`\}`,
  $: String.raw`\$`,
  '&': String.raw`\&`,
  '#': String.raw`\#`,
  '%': String.raw`\%`,
  _: String.raw`\_`,
  '^': String.raw`\textasciicircum{}`,
  '~': String.raw`\textasciitilde{}`,
  '|': String.raw`\textbar{}`,
  '<': String.raw`\textless{}`,
  '>': String.raw`\textgreater{}`,
  '−': '$-$',
  '±': String.raw`$\pm$`,
  '–': '--',
  '’': "'",
}

/** Text as LaTeX sets it, whatever is in it. */
export function latexText(text: string): string {
  return text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll(/[\\{}$&#%_^~|<>−±–’]/g, character => SPECIAL[character]!)
}

/**
 * Tables for `\input`, with booktabs: scores with their signatures, and the tests. Names of runs in scripts that
 * pdfLaTeX has no fonts for need XeLaTeX or LuaLaTeX.
 */
export function reportLatex(source: ReportSource): string {
  return [
    `% ${source.dataset.corpus.name.replaceAll(/[\r\n]+/g, ' ')}: \\usepackage{booktabs} and \\usepackage[T1]{fontenc}`,
    ...scoreTables(source),
    ...testTable(source),
    '',
  ].join('\n')
}

function scoreTables({ plain, scores, dataset }: ReportSource): string[] {
  if (scores.length === 0) return ['% No run has translated a clip with a reference.']
  return [...Map.groupBy(scores, keyOfWay).values()].flatMap((rows, i) =>
    scoreTable(rows, { plain, dataset, label: i === 0 ? 'tab:scores' : `tab:scores-${rows[0]!.recipe}` }),
  )
}

interface TablePlace extends Pick<ReportSource, 'plain' | 'dataset'> {
  label: string
}

function scoreTable(scores: readonly CorpusScoreRow[], { plain, dataset, label }: TablePlace): string[] {
  const metrics = [...new Set(scores.map(({ metric }) => metric))]
  const rows = plain.runs.map(({ run, clips }) => {
    const cells = metrics.map(metric => {
      const row = scores.find(each => each.system_id === run && each.metric === metric)
      if (!row) return '--'
      return row.ci
        ? `${row.score.toFixed(2)} {\\scriptsize$\\pm$${row.ci.half.toFixed(1)}}`
        : row.score.toFixed(2)
    })
    return `${[latexText(run), String(clips), ...cells].join(' & ')} \\\\`
  })
  const heads = metrics.map(
    metric => `${latexText(metric)}${metric === 'TER' ? String.raw`~$\downarrow$` : ''}`,
  )
  return [
    String.raw`\begin{table}[t]`,
    String.raw`\centering\small`,
    `\\begin{tabular}{lr${'r'.repeat(metrics.length)}}`,
    String.raw`\toprule`,
    `${['Run', 'Clips', ...heads].join(' & ')} \\\\`,
    String.raw`\midrule`,
    ...rows,
    String.raw`\bottomrule`,
    String.raw`\end{tabular}`,
    `\\caption{Scores on ${latexText(dataset.corpus.name)} by ${latexText(nameOfWay(scores[0]!))}, with half the width of 95\\,\\% bootstrap intervals. ${signaturesOf(scores)}}`,
    `\\label{${label}}`,
    String.raw`\end{table}`,
  ]
}

/** Each signature with the metrics that have it, and what it does not say; the order of a BLEU is in its name. */
function signaturesOf(rows: readonly CorpusScoreRow[]): string {
  const scores = rows.map(row => ({ ...row, slt: row.slt.replace(/^order:\d\|/, '') }))
  const found = Map.groupBy(scores, ({ signature, slt }) => JSON.stringify([signature, slt]))
  return [...found.values()]
    .map(same => {
      const names = [...new Set(same.map(({ metric }) => metric))].join(', ')
      return `${latexText(names)}: \\texttt{${breakable(`${same[0]!.signature}|${same[0]!.slt}`)}}.`
    })
    .join(' ')
}

/** A signature may break at its bars. */
const breakable = (signature: string) =>
  signature
    .split('|')
    .map(latexText)
    .join(String.raw`\textbar\allowbreak{}`)

function testTable({ tests }: ReportSource): string[] {
  if (tests.length === 0) return []
  const hasWays = new Set(tests.map(keyOfWay)).size > 1
  const rows = tests.map(
    ({ system, metric, n_segments, delta, p, p_holm, ...way }) =>
      `${[latexText(system), ...(hasWays ? [latexText(nameOfWay(way))] : []), latexText(metric), String(n_segments), ...[signed(delta), pText(p), pText(p_holm)].map(latexText)].join(' & ')} \\\\`,
  )
  return [
    String.raw`\begin{table}[t]`,
    String.raw`\centering\small`,
    `\\begin{tabular}{l${hasWays ? 'l' : ''}lrrrr}`,
    String.raw`\toprule`,
    `Run ${hasWays ? '& Scored by ' : ''}& Metric & Clips & $\\Delta$ & $p$ & $p$ (Holm) \\\\`,
    String.raw`\midrule`,
    ...rows,
    String.raw`\bottomrule`,
    String.raw`\end{tabular}`,
    `\\caption{Differences to ${latexText(tests[0]!.baseline)}: paired approximate randomization, ${tests[0]!.n} trials, seed ${tests[0]!.seed}.}`,
    String.raw`\label{tab:tests}`,
    String.raw`\end{table}`,
  ]
}
