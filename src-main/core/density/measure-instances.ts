import { AppError } from '#shared/contract/errors.ts'
import { readMatrix } from '../../formats/npy.ts'
import { principalPlane } from '../../metrics/principal-plane.ts'
import { distanceCount, type GroupDensity, signDensity } from '../../metrics/sign-density.ts'
import type { ActTask } from '../thread/acts-thread.ts'

/** What crosses to the thread: where the features are, and which rows make which instance. */
export interface DensityWork {
  clips: { clip: string; path: string; rows: number }[]
  /** Instances of each group, as rows of clips that are averaged. */
  groups: { clip: number; firstRow: number; lastRow: number }[][]
  /** Fewer instances of a group than these say nothing. */
  least: number
}

export interface DensityMeasured {
  /** Of the groups that are left, positions in `groups`. */
  kept: number[]
  /** Of each kept group, positions of the instances that were read. */
  instances: number[][]
  densities: GroupDensity[]
  columns: number
  /** [instances, 2] of kept groups, one after the other. */
  points: Float64Array
  axes: [number, number]
  /** Positions of clips whose file does not have the rows that their frames give. */
  misfits: number[]
}

export type DensityActs = {
  measure: (work: DensityWork, task: ActTask) => Promise<DensityMeasured>
}

const TOLD_EVERY_MS = 100

/** The body of the thread. */
export const densityActs: DensityActs = {
  async measure(work, task) {
    const told = teller(task)
    const { vectors, columns, misfits } = await readInstances(work, told)
    const kept: number[] = []
    const instances: number[][] = []
    for (const [group, { length }] of work.groups.entries()) {
      const read = Array.from({ length }, (_, at) => at).filter(at => vectors[group]?.[at])
      if (read.length < work.least) continue
      kept.push(group)
      instances.push(read)
    }
    if (kept.length < 2) throw tooFewGlosses(kept.length, work.least)
    const sizes = instances.map(({ length }) => length)
    const data = new Float32Array(sizes.reduce((sum, size) => sum + size, 0) * columns)
    let at = 0
    for (const [place, group] of kept.entries())
      for (const instance of instances[place] ?? []) {
        data.set(vectors[group]?.[instance] ?? [], at)
        at += columns
      }
    const densities = await densityOf({ data, columns, sizes }, told)
    const { points, shares } = principalPlane(data, data.length / columns, columns)
    return { kept, instances, densities, columns, points, axes: shares, misfits }
  },
}

type Told = (phase: 'features' | 'distances', done: number, total: number) => Promise<void>

/** Tells how far it is and lets a cancel come through, some ten times a second. */
function teller({ signal, progress }: ActTask): Told {
  let last = performance.now()
  return async (phase, done, total) => {
    if (performance.now() - last < TOLD_EVERY_MS) return
    progress({ kind: 'progress', phase, done, total })
    await new Promise(resolve => setImmediate(resolve))
    signal.throwIfAborted()
    last = performance.now()
  }
}

async function densityOf(
  vectors: { data: Float32Array; columns: number; sizes: number[] },
  told: Told,
): Promise<GroupDensity[]> {
  const total = distanceCount(vectors.sizes)
  const work = signDensity(vectors)
  for (;;) {
    const { done, value } = work.next()
    if (done) return value
    await told('distances', value, total)
  }
}

/** The vector of each instance, as far as its clip's file fits; clip by clip, so that one file is in memory at a time. */
async function readInstances({ clips, groups }: DensityWork, told: Told) {
  const vectors: (Float32Array | undefined)[][] = groups.map(() => [])
  const misfits: number[] = []
  let columns = 0
  const byClip = Map.groupBy(
    groups.flatMap((instances, group) => instances.map((instance, at) => ({ ...instance, group, at }))),
    ({ clip }) => clip,
  )
  for (const [at, { clip, path, rows }] of clips.entries()) {
    const wanted = byClip.get(at)
    if (!wanted) continue
    const { data, shape } = await readMatrix(path)
    if (shape[0] !== rows) misfits.push(at)
    else {
      if (columns !== 0 && shape[1] !== columns)
        throw new AppError(
          'corrupt-file',
          `The features of ${clip} have ${shape[1]} numbers each, those of the clips before ${columns}: they are of different models. Extract both with one model.`,
          { details: { file: path } },
        )
      columns = shape[1]
      for (const { group, at: instance, firstRow, lastRow } of wanted) {
        const list = vectors[group]
        if (list) list[instance] = meanOf(data, columns, firstRow, lastRow)
      }
    }
    await told('features', at + 1, clips.length)
  }
  return { vectors, columns, misfits }
}

function meanOf(data: Float32Array, columns: number, first: number, last: number): Float32Array {
  if (first === last) return data.slice(first * columns, (first + 1) * columns)
  const sums = new Float64Array(columns)
  for (let at = first * columns; at < (last + 1) * columns; at += 1)
    sums[at % columns] = (sums[at % columns] as number) + (data[at] as number)
  return Float32Array.from(sums, sum => sum / (last - first + 1))
}

/** A ratio needs two glosses. */
export function tooFewGlosses(glosses: number, least: number): AppError {
  return new AppError(
    'invalid-input',
    `${glosses === 0 ? 'No gloss has' : 'Only one gloss has'} ${least} instances with features, and a density needs two such glosses. Choose another tier, more clips, or glosses of fewer instances; or extract the features of more clips.`,
    { details: { glosses, least } },
  )
}
