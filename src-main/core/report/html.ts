/** Text as HTML shows it, whatever is in it. */
export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

export interface Column<Row> {
  title: string
  cell: (row: Row) => string
  isNumber?: boolean
}

/** A table; cells are HTML already. */
export function table<Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const kind = ({ isNumber }: Column<Row>) => (isNumber ? ' class="number"' : '')
  const head = columns.map(column => `<th scope="col"${kind(column)}>${escaped(column.title)}</th>`)
  const body = rows.map(
    row => `<tr>${columns.map(column => `<td${kind(column)}>${column.cell(row)}</td>`).join('')}</tr>`,
  )
  return `<table><caption>${escaped(caption)}</caption><thead><tr>${head.join('')}</tr></thead><tbody>${body.join('\n')}</tbody></table>`
}

export function list(items: readonly string[]): string {
  return `<ul>${items.map(item => `<li>${item}</li>`).join('\n')}</ul>`
}

/** One file with all that it needs; on paper, a section is not torn from its heading. */
export function page(title: string, sections: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
${sections.join('\n')}
</body>
</html>
`
}

const STYLE = `
:root { color-scheme: light; }
body { max-width: 46rem; padding: 2rem; margin: 0 auto; background: #fff; color: #1b1f24; font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; }
h2 { margin-top: 2rem; font-size: 1.15rem; break-after: avoid; }
table { width: 100%; border-top: 2px solid; border-bottom: 2px solid; margin: 1rem 0; border-collapse: collapse; break-inside: avoid; font-size: 0.87rem; }
caption { padding-bottom: 0.4rem; text-align: left; font-weight: 600; }
th, td { padding: 0.25rem 0.6rem 0.25rem 0; text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.faint { color: #5b6570; }
code { font-size: 0.82rem; overflow-wrap: anywhere; }
figure { margin: 1rem 0; break-inside: avoid; }
figcaption { font-size: 0.87rem; color: #5b6570; }
svg { max-width: 100%; height: auto; }
@page { size: A4; margin: 18mm; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } }
`
