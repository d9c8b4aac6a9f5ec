import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { LocatedSegment } from '#shared/contract/localisation.ts'
import { emptyDocument, plainAnnotation, plainTier } from '../../formats/annotation-document.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { planAnnotationsAs } from '../../formats/convert.ts'
import type { Api } from './session.ts'

const TIER = 'localisation'

/** One table of all segments, and an EAF for each recording that has any. */
export async function writeSegmentFiles(
  api: Api,
  dir: string,
  segments: readonly LocatedSegment[],
): Promise<string[]> {
  const table = join(dir, 'segments.tsv')
  const head = ['clip', 'word', 'start_ms', 'end_ms', 'score', 'mass']
  const rows = segments.map(({ clip, word, startMs, endMs, score, mass }) => [
    clip,
    word,
    String(startMs),
    String(endMs),
    score.toFixed(6),
    mass.toFixed(6),
  ])
  await write(table, Buffer.from(tsv([head, ...rows])))
  const files = [table]
  const recordings = await api.recording.list()
  for (const [recordingId, found] of Map.groupBy(segments, segment => segment.recordingId)) {
    const name = recordings.find(({ id }) => id === recordingId)?.name ?? String(recordingId)
    const file = join(dir, `${name.replaceAll(/[/\\:*?"<>|\p{Cc}]/gu, '_')}.eaf`)
    await write(file, eafOf(found))
    files.push(file)
  }
  return files
}

function eafOf(segments: readonly LocatedSegment[]): Uint8Array {
  const annotations = segments
    .toSorted((a, b) => a.startMs - b.startMs)
    .map(({ startMs, endMs, word }, at) => plainAnnotation({ id: `a${at + 1}`, startMs, endMs, value: word }))
  return planAnnotationsAs('eaf', { ...emptyDocument(), tiers: [plainTier(TIER, annotations)] }).write()
}

function write(file: string, bytes: Uint8Array): Promise<void> {
  return writeAtomically(file, temporary => writeFile(temporary, bytes))
}

export function tsv(rows: readonly (readonly string[])[]): string {
  const cell = (text: string) => text.replaceAll(/[\t\r\n]+/gu, ' ')
  return rows.map(row => `${row.map(cell).join('\t')}\n`).join('')
}
