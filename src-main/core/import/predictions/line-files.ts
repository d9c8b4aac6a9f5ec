import { basename, resolve } from 'node:path'
import type { PredictionSource } from '#shared/contract/predictions.ts'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import { readSentenceLines } from '../../../formats/predictions/sentence-lines.ts'
import { readSourceFile } from './source-file.ts'
import type { ReadPredictions } from './what-was-read.ts'

/** Names and references that lie in files of their own, line by line beside the outputs. */
export async function withLineFiles(
  source: PredictionSource,
  read: ReadPredictions,
): Promise<ReadPredictions> {
  if (source.names === undefined && source.references.length === 0) return read
  const names = source.names === undefined ? null : await linesOf(source.names, source)
  const references = await Promise.all(source.references.map(file => linesOf(file, source)))
  const companions = names ? [names, ...references] : references
  const entries = read.entries.map((entry, at) => {
    // A companion line belongs to a line of the file, also where blank rows were left out between.
    const line = entry.line === null ? at : entry.line - 1
    const theirs = references.map(({ lines }) => (lines[line] ?? '').trim()).filter(text => text !== '')
    return {
      ...entry,
      name: names ? (names.lines[line] ?? '').trim() : entry.name,
      references: [...entry.references, ...theirs],
    }
  })
  const counted = read.entries.length
  const uneven = companions.filter(({ lines }) => lines.length !== counted)
  const issues = uneven.map(({ file, lines }): ImportIssue => ({
    severity: 'error',
    file,
    line: Math.min(lines.length, counted) + 1,
    message: `It has ${lines.length} lines, and the file with the outputs has ${counted}. From the first missing line on they may belong to other clips.`,
  }))
  const files = [...read.files, ...companions.map(({ source: file }) => file)]
  return { ...read, files, entries, issues: [...read.issues, ...issues] }
}

async function linesOf(path: string, { encoding }: PredictionSource) {
  const source = await readSourceFile(resolve(path))
  const file = basename(path)
  return { source, file, lines: readSentenceLines(source.bytes, file, encoding).lines }
}
