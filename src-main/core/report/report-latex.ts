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
    ...scoreTable(source),
    ...testTable(source),
    '',
  ].join('\n')
}

function scoreTable({ plain, scores, dataset }: ReportSource): string[] {
  const metrics = [...new Set(scores.map(({ metric }) => metric))]
  if (metrics.length === 0) return ['% No run has translated a clip with a reference.']
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
  // BLEU-1 to BLEU-4 have one signature: it does not tell the order.
  const bySignature = Map.groupBy(
    new Set(scores.map(({ metric }) => metric)),
    metric => scores.find(row => row.metric === metric)!.signature,
  )
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
    `\\caption{Scores on ${latexText(dataset.corpus.name)}, with half the width of 95\\,\\% bootstrap intervals. ${[
      ...bySignature,
    ]
      .map(([signature, names]) => `${latexText(names.join(', '))}: \\texttt{${breakable(signature)}}.`)
      .join(' ')}}`,
    String.raw`\label{tab:scores}`,
    String.raw`\end{table}`,
  ]
}

/** A signature may break at its bars. */
const breakable = (signature: string) =>
  signature
    .split('|')
    .map(latexText)
    .join(String.raw`\textbar\allowbreak{}`)

function testTable({ tests }: ReportSource): string[] {
  if (tests.length === 0) return []
  const rows = tests.map(
    ({ system, metric, n_segments, delta, p, p_holm }) =>
      `${[latexText(system), latexText(metric), String(n_segments), ...[signed(delta), pText(p), pText(p_holm)].map(latexText)].join(' & ')} \\\\`,
  )
  return [
    String.raw`\begin{table}[t]`,
    String.raw`\centering\small`,
    String.raw`\begin{tabular}{llrrrr}`,
    String.raw`\toprule`,
    String.raw`Run & Metric & Clips & $\Delta$ & $p$ & $p$ (Holm) \\`,
    String.raw`\midrule`,
    ...rows,
    String.raw`\bottomrule`,
    String.raw`\end{tabular}`,
    `\\caption{Differences to ${latexText(tests[0]!.baseline)}: paired approximate randomization, ${tests[0]!.n} trials, seed ${tests[0]!.seed}.}`,
    String.raw`\label{tab:tests}`,
    String.raw`\end{table}`,
  ]
}
