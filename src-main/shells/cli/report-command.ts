import { resolve } from 'node:path'
import type { Command } from 'commander'
import { assertSplit, findRun } from './find-run.ts'
import { corpusCommand } from './options.ts'
import { printJson } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

export function addReportCommand(program: Command): void {
  corpusCommand(program, 'report', 'Write a report on runs: a page (.html), or tables for LaTeX (.tex)')
    .requiredOption('--out <file>', 'file that ends in .html or .tex; for a PDF, print the page')
    .option('--split <split>', 'only clips of this split')
    .option('--run <list>', 'only these runs')
    .option('--baseline <run>', 'the run that the others are tested against; the first one unless stated')
    .action(report)
}

interface ReportOptions extends CommonOptions {
  out: string
  split?: string
  run?: string
  baseline?: string
}

async function report({ out, split, run, baseline, ...options }: ReportOptions): Promise<void> {
  await withCore(options, async ({ api, interruptible }) => {
    await assertSplit(api, split)
    const runIds = run && (await Promise.all(run.split(',').map(async name => (await findRun(api, name)).id)))
    const request = {
      file: resolve(out),
      split: split ?? null,
      ...(runIds ? { runIds } : {}),
      ...(baseline === undefined ? {} : { baselineRunId: (await findRun(api, baseline)).id }),
    }
    const { file } = await interruptible(signal => api.report.write(request, { signal }))
    if (options.json) printJson({ file })
    else process.stdout.write(`${file}\n`)
  })
}
