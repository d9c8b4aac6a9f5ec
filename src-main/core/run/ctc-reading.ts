import type { ClipId, HypothesisId, RunId } from '#shared/contract/ids.ts'
import type { Explanation, LatticeGloss } from '#shared/contract/run.ts'
import { alignSequence, bestPath, collapsePath, prefixBeam } from '#shared/domain/ctc.ts'
import { type FrameIndex, frameCount } from '#shared/domain/frame-index.ts'
import type { ReadDb } from '../../db/types.ts'
import { findClipPlace } from '../localisation/localisation.queries.ts'
import { clipCell, clipFrameIndex } from '../media/clip-frame-index.ts'
import { findLattice, type StoredLattice } from './lattice.queries.ts'

/** What import takes unless told otherwise. */
const BEAMS = 10

interface Reading {
  hypothesisId: HypothesisId
  runId: RunId
  clipId: ClipId
  /** JSON of the run. */
  parameters: string
}

/** The labels of each step of a recogniser with CTC and what they collapse to; null where the run has none, or the clip no frames. */
export function ctcReading(
  db: ReadDb,
  { hypothesisId, runId, clipId, parameters }: Reading,
): Explanation | null {
  const lattice = findLattice(db, { runId, clipId })
  const clip = findClipPlace(db, clipId)
  if (!lattice || !clip) return null
  const index = clipFrameIndex(db, clipId)
  if (clip.lastFrame < clip.firstFrame || clip.lastFrame >= frameCount(index)) return null

  const cells = cellsOf(lattice, clip, index)
  const { decoding, beams } = JSON.parse(parameters) as { decoding?: string; beams?: number }
  const path = bestPath(lattice)
  const greedy = collapsePath(path, lattice.blank)
  const [likeliest] = prefixBeam(lattice, decoding === 'beam' ? (beams ?? BEAMS) : BEAMS)
  const beam = likeliest?.labels ?? []
  const named = (labels: readonly number[]): LatticeGloss[] =>
    (alignSequence(lattice, labels) ?? []).map(({ label, firstStep, lastStep, probability }) => ({
      gloss: lattice.vocabulary[label] ?? '',
      firstStep,
      lastStep,
      startMs: cells[firstStep]?.startMs ?? 0,
      endMs: cells[lastStep]?.endMs ?? 0,
      probability,
    }))
  const rows = [lattice.blank, ...new Set([...beam, ...greedy])]
  return {
    kind: 'ctc',
    hypothesisId,
    cells,
    glosses: rows.map(label => (label === lattice.blank ? '' : (lattice.vocabulary[label] ?? ''))),
    probabilities: lattice.steps.map(step => {
      const chances = new Map(step)
      return rows.map(label => Math.exp(chances.get(label) ?? -Infinity))
    }),
    isWeighted: lattice.isWeighted,
    blankShare: path.filter(label => label === lattice.blank).length / path.length,
    beam: named(beam),
    greedy: named(greedy),
  }
}

/** Where each step lies in the clip; what reaches beyond it stands for its last frame. */
function cellsOf(
  { steps, stride, firstFrame }: StoredLattice,
  clip: { firstFrame: number; lastFrame: number },
  index: FrameIndex,
): Extract<Explanation, { kind: 'ctc' }>['cells'] {
  const frames = clip.lastFrame - clip.firstFrame + 1
  const hop = stride ?? (frames - firstFrame) / steps.length
  const inside = (frame: number) => Math.min(Math.max(Math.round(frame), 0), frames - 1)
  return steps.map((_, step) => {
    const first = inside(firstFrame + step * hop)
    const last = Math.max(first, inside(firstFrame + (step + 1) * hop - 1))
    return clipCell(index, clip, { first, last })
  })
}
