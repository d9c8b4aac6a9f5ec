import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { CtcLattice } from '#shared/domain/ctc.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CtcClip } from '../../formats/ctc-file.ts'

/** Stored with the labels that occur alone; label 0 is the blank. */
export interface StoredLattice extends CtcLattice {
  vocabulary: string[]
  stride: number | null
  firstFrame: number
  isWeighted: boolean
}

interface LatticeRow {
  vocabulary: string
  stride: number | null
  firstFrame: number
  isWeighted: number
  steps: string
}

const LATTICE = prepared<{ runId: RunId; clipId: ClipId }, LatticeRow>(
  `SELECT vocabulary, stride, first_frame AS firstFrame, is_weighted AS isWeighted, steps
   FROM ctc_lattice WHERE run_id = :runId AND clip_id = :clipId`,
)

export function findLattice(db: ReadDb, at: { runId: RunId; clipId: ClipId }): StoredLattice | null {
  const row = LATTICE(db).get(at)
  if (!row) return null
  return {
    blank: 0,
    steps: JSON.parse(row.steps) as CtcLattice['steps'],
    vocabulary: JSON.parse(row.vocabulary) as string[],
    stride: row.stride,
    firstFrame: row.firstFrame,
    isWeighted: row.isWeighted === 1,
  }
}

/** Enough for what a screen shows; a float32 has no more. */
const DIGITS = 7

/** What `ctc_lattice` holds of a clip, besides run and clip. */
export function latticeRow({ vocabulary, blank, stride, offset, steps, isWeighted }: CtcClip) {
  const labels = [blank, ...new Set(steps.flat().map(([label]) => label))].filter(
    (label, at) => at === 0 || label !== blank,
  )
  const places = new Map(labels.map((label, at) => [label, at]))
  const small = steps.map(step =>
    step.map(([label, log]) => [places.get(label) ?? 0, Number(log.toPrecision(DIGITS))]),
  )
  return {
    vocabulary: JSON.stringify(labels.map(label => vocabulary[label] ?? '')),
    stride,
    first_frame: offset,
    is_weighted: isWeighted ? 1 : 0,
    steps: JSON.stringify(small),
  }
}
