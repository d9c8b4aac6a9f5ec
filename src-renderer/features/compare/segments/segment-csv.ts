import type { AnalysedSegment } from '#shared/contract/analysis.ts'

interface Names {
  metric: string
  /** Of the runs, in the order of the outputs. */
  runs: readonly string[]
  from: string
  to: string
}

/** The segments as a table with a line each (RFC 4180, UTF-8); several references lie in one cell, a line each. */
export function segmentTable(rows: readonly AnalysedSegment[], { metric, runs, from, to }: Names): string {
  const head = [
    'clip',
    'split',
    'signer',
    'review_state',
    'duration_ms',
    'reference',
    ...runs.flatMap(run => [run, `${run} ${metric}`]),
    `${to} - ${from}`,
  ]
  const lines = rows.map(row => [
    row.name,
    row.split,
    row.signer,
    row.state,
    String(row.durationMs),
    row.references.join('\n'),
    ...row.outputs.flatMap(({ text, score }) => [text, score.toFixed(4)]),
    row.delta.toFixed(4),
  ])
  return [head, ...lines].map(cells => `${cells.map(quoted).join(',')}\r\n`).join('')
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
