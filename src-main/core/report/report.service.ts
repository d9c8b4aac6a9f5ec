import { writeFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { Report, ReportRequest } from '#shared/contract/report.ts'
import { openSnapshot } from '../../db/snapshot.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import type { CorpusContext } from '../context.ts'
import type { FindTokenizer } from '../evaluation/tokenizer-of.ts'
import { type Generator, readEvaluated } from '../export/export-dataset.ts'
import { outlineOf } from '../export/release-outline.ts'
import { scoreRelease } from '../export/release-scores.ts'
import { plots } from './plots.ts'
import { reportHtml } from './report-html.ts'
import { reportLatex } from './report-latex.ts'

/** Makes an A4 PDF of a page; only a shell with a browser of its own can. */
export type PrintPdf = (html: string) => Promise<Uint8Array>

/** Reports on runs: what a reader needs to judge the numbers, as one page and as tables for a paper. */
export function createReportService(
  { db }: CorpusContext,
  source: { generator: Generator; findTokenizer: FindTokenizer },
  printPdf?: PrintPdf,
) {
  async function make(request: ReportRequest, signal?: AbortSignal): Promise<Report> {
    using snapshot = openSnapshot(db)
    const dataset = readEvaluated(snapshot.db, request, source)
    const outline = await outlineOf(dataset, signal)
    if (outline.runs.every(({ scored }) => scored === 0))
      throw new AppError(
        'invalid-input',
        'There is nothing to report: no run has translated a clip with a reference. Translate clips or import predictions first, or choose another split.',
      )
    const made = { dataset, outline, ...(await scoreRelease(dataset, outline, { signal })) }
    return { html: reportHtml(made, await plots(made)), latex: reportLatex(made) }
  }

  async function write({ file, ...request }: ReportRequest & { file: string }, signal?: AbortSignal) {
    const path = resolve(file)
    const ending = extname(path).toLowerCase()
    const contentOf: Record<string, (report: Report) => Promise<Uint8Array | string> | string> = {
      '.html': ({ html }) => html,
      '.tex': ({ latex }) => latex,
      ...(printPdf && { '.pdf': ({ html }) => printPdf(html) }),
    }
    const content = contentOf[ending]
    if (!content)
      throw new AppError(
        'invalid-input',
        `${path} ends in none of ${Object.keys(contentOf).join(', ')}. For a PDF without the desktop program, print the HTML page: it is made for A4.`,
        { details: { file: path } },
      )
    const written = await content(await make(request, signal))
    await writeAtomically(path, temporary => writeFile(temporary, written))
    return { file: path }
  }

  return { make, write }
}
