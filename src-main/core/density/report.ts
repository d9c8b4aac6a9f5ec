import type { DensityReport } from '#shared/contract/density.ts'
import type { Gathered } from './gather.ts'
import type { DensityMeasured } from './measure-instances.ts'
import { evenly, type InstancePlan } from './plan-instances.ts'

/** More marks than these are no picture any more. */
const MOST_POINTS = 4000

export function reportOf(gathered: Gathered, plan: InstancePlan, measured: DensityMeasured): DensityReport {
  const nameOf = (kept: number) => plan.glosses[measured.kept[kept] ?? -1]?.gloss ?? ''
  const order = measured.densities
    .map((density, kept) => ({ density, kept }))
    .sort((a, b) => (b.density.ratio ?? Infinity) - (a.density.ratio ?? Infinity) || a.kept - b.kept)
  const glosses = order.map(({ density: { nearest, ...figures }, kept }) => ({
    gloss: nameOf(kept),
    instances: measured.instances[kept]?.length ?? 0,
    ...figures,
    nearest: nameOf(nearest),
  }))
  const ratios = glosses.map(({ ratio }) => ratio).filter(ratio => ratio !== null)
  return {
    kind: 'done',
    ratio: ratios.length > 0 ? meanOf(ratios) : null,
    intra: meanOf(glosses.map(({ intra }) => intra)),
    inter: meanOf(glosses.map(({ inter }) => inter)),
    glosses,
    instances: glosses.reduce((sum, { instances }) => sum + instances, 0),
    columns: measured.columns,
    clips: gathered.clips.length - measured.misfits.length,
    points: pointsOf(gathered, plan, measured, new Map(order.map(({ kept }, place) => [kept, place]))),
    axes: measured.axes,
    leftOut: {
      withoutFeatures: gathered.withoutFeatures,
      misfits: measured.misfits.map(at => gathered.clips[at]?.clip ?? ''),
      withoutGlosses: gathered.withoutGlosses,
      tooShort: plan.tooShort,
      tooFew: tooFewOf(plan, measured),
      beyondMost: plan.beyondMost,
    },
  }
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** With those that lost instances to files that do not fit. */
function tooFewOf(plan: InstancePlan, { kept }: DensityMeasured): InstancePlan['tooFew'] {
  const lost = plan.glosses
    .filter((_, at) => !kept.includes(at))
    .map(({ gloss, instances }) => ({ gloss, instances: instances.length }))
  return [...plan.tooFew, ...lost]
}

function pointsOf(
  { clips }: Gathered,
  { glosses }: InstancePlan,
  { kept, instances, points }: DensityMeasured,
  placeOf: ReadonlyMap<number, number>,
): DensityReport['points'] {
  const all: DensityReport['points'] = []
  let row = 0
  for (const [group, planned] of kept.entries())
    for (const at of instances[group] ?? []) {
      const [x = 0, y = 0] = points.subarray(2 * row, 2 * row + 2)
      row += 1
      const instance = glosses[planned]?.instances[at]
      const clip = instance && clips[instance.clip]
      if (!clip) continue
      const { clipId, clip: name, recordingId } = clip
      const { startMs, endMs } = instance
      const gloss = placeOf.get(group) ?? 0
      all.push({ gloss, x, y, clipId, clip: name, recordingId, startMs, endMs })
    }
  return evenly(all, MOST_POINTS)
}
