import type { Command } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import type { PublishedRow, PublishedTable } from '#shared/contract/published.ts'
import { publishedNumber } from '#shared/domain/published-number.ts'
import { readPublishedResults } from '../../core/published/published-results.ts'
import { SOURCE_PATHS } from '../paths.ts'
import { oneLine, printJson, printTable } from './output.ts'

export function addPublishedCommand(program: Command): void {
  program
    .command('published')
    .description('Results and ablations of papers, each with its source')
    .option('--dataset <name>', 'only those on this data set')
    .option('--ablations', 'ablations as well')
    .option('--json', 'print the result as JSON')
    .action(published)
}

interface PublishedOptions {
  dataset?: string
  ablations?: boolean
  json?: boolean
}

function published({ dataset, ablations, json }: PublishedOptions): void {
  const { sources, tables } = readPublishedResults(SOURCE_PATHS.resources)
  const wanted = dataset?.toLowerCase()
  const shown = tables.filter(
    table =>
      (ablations || table.kind === 'result') &&
      (wanted === undefined || table.dataset.toLowerCase() === wanted),
  )
  if (shown.length === 0) {
    const known = [...new Set(tables.map(table => table.dataset))].join(', ')
    throw new AppError('not-found', `Nothing is known of a data set "${dataset}". Known: ${known}.`)
  }
  const used = sources.filter(({ id }) => shown.some(({ source }) => source === id))
  if (json) return printJson({ sources: used, tables: shown })
  for (const table of shown) {
    const source = sources.find(({ id }) => id === table.source)
    process.stdout.write(oneLine(titleOf(table)) + '\n')
    process.stdout.write(
      `${oneLine(`${source?.authors} ${source?.year ?? ''}, ${table.place}: ${source?.url}`)}\n`,
    )
    printTable([['system', ...table.metrics, 'computed'], ...table.rows.map(row => rowOf(table, row))])
    process.stdout.write('\n')
  }
  return undefined
}

function titleOf({ dataset, split, segments }: PublishedTable): string {
  return `${dataset}, ${split ?? 'split not stated'}${segments === null ? '' : `, ${segments} segments`}`
}

function rowOf(
  { recipe, metrics }: PublishedTable,
  { system, values, isQuoted, cited }: PublishedRow,
): string[] {
  const quoted = cited ? `as in ${cited}` : 'as in its own paper'
  return [
    system,
    ...values.map((value, at) => publishedNumber(metrics[at] ?? '', value)),
    isQuoted ? quoted : (recipe ?? 'not stated'),
  ]
}
