import type { TextGrid, TextGridTier } from './textgrid.ts'

/** The file as Praat writes it, in the form, encoding and digits that it was read with. */
export function writeTextGrid(grid: TextGrid): Uint8Array {
  const text = grid.form === 'long' ? longForm(grid) : shortForm(grid)
  const lines = grid.eol === '\n' ? text : text.replaceAll('\n', '\r\n')
  const marked = grid.hasByteOrderMark ? `\uFEFF${lines}` : lines
  if (grid.encoding === 'utf-16le') return Buffer.from(marked, 'utf16le')
  if (grid.encoding === 'utf-16be') return Buffer.from(marked, 'utf16le').swap16()
  return Buffer.from(marked, 'utf8')
}

const HEAD = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

function shortForm({ start, end, tiers }: TextGrid): string {
  const out = [`${start}\n${end}\n<exists>\n${tiers.length}\n`]
  for (const tier of tiers) {
    const parts = tier.kind === 'interval' ? tier.intervals : tier.points
    out.push(
      `"${tier.kind === 'interval' ? 'IntervalTier' : 'TextTier'}"\n${quoted(tier.name)}\n${tier.start}\n${tier.end}\n${parts.length}\n`,
    )
    if (tier.kind === 'interval')
      for (const part of tier.intervals) out.push(`${part.start}\n${part.end}\n${quoted(part.text)}\n`)
    else for (const part of tier.points) out.push(`${part.time}\n${quoted(part.mark)}\n`)
  }
  return HEAD + out.join('')
}

/** With the space that Praat leaves at the end of lines. */
function longForm({ start, end, tiers }: TextGrid): string {
  const out = [`xmin = ${start} \nxmax = ${end} \ntiers? <exists> \nsize = ${tiers.length} \nitem []: \n`]
  tiers.forEach((tier, i) => out.push(`    item [${i + 1}]:\n`, longTier(tier)))
  return HEAD + out.join('')
}

function longTier(tier: TextGridTier): string {
  const isInterval = tier.kind === 'interval'
  const out = [
    `        class = "${isInterval ? 'IntervalTier' : 'TextTier'}" \n        name = ${quoted(tier.name)} \n`,
    `        xmin = ${tier.start} \n        xmax = ${tier.end} \n`,
  ]
  if (tier.kind === 'interval') {
    out.push(`        intervals: size = ${tier.intervals.length} \n`)
    tier.intervals.forEach(({ start, end, text }, i) =>
      out.push(
        `        intervals [${i + 1}]:\n            xmin = ${start} \n            xmax = ${end} \n            text = ${quoted(text)} \n`,
      ),
    )
  } else {
    out.push(`        points: size = ${tier.points.length} \n`)
    tier.points.forEach(({ time, mark }, i) =>
      out.push(
        `        points [${i + 1}]:\n            number = ${time} \n            mark = ${quoted(mark)} \n`,
      ),
    )
  }
  return out.join('')
}
