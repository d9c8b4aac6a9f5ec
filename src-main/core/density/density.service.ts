import type { DensityInput, DensityProgress, DensityReport } from '#shared/contract/density.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { moduleBeside } from '../../module-beside.ts'
import { resolveSelection } from '../clip/selection.ts'
import type { CorpusContext } from '../context.ts'
import { createEmitter } from '../emitter.ts'
import type { FeatureService } from '../feature/feature.service.ts'
import { createLocator, type LocatorDeps } from '../localisation/locator.ts'
import { createActsThread } from '../thread/acts-thread.ts'
import { gatherClips } from './gather.ts'
import { annotatedSpans, localisedSpans } from './gloss-spans.ts'
import { type DensityActs, type DensityWork, tooFewGlosses } from './measure-instances.ts'
import { planInstances } from './plan-instances.ts'
import { reportOf } from './report.ts'
import { rowSteps } from './row-times.ts'

const IDLE_MS = 30_000

export interface DensityDeps extends LocatorDeps {
  features: Pick<FeatureService, 'known' | 'knownOf'>
}

/** How densely the features of different glosses lie, measured on a thread of its own. */
export function createDensityService(context: CorpusContext, deps: DensityDeps) {
  const locator = createLocator(context, deps)
  const thread = createActsThread<DensityActs>({
    module: () => moduleBeside(import.meta.url, './density.worker.ts', 'density.worker.js'),
    workerData: null,
    idleMs: IDLE_MS,
    purpose: 'measures features',
    tooLarge:
      'These features need more memory than there is. Take fewer instances of each gloss, or one split.',
    author: context.author,
  })

  async function* measure(
    input: DensityInput,
    signal?: AbortSignal,
  ): AsyncGenerator<DensityProgress | DensityReport, void, void> {
    const { selection, glosses: source, stream, least } = input
    const bundle = await deps.models.openKnown(input.modelId, signal)
    const steps = rowSteps(bundle.manifest, stream)
    if (!steps) throw withoutStream(bundle, stream)
    const clipIds = resolveSelection(context.db, selection)
    const spansOf =
      source.kind === 'tier'
        ? annotatedSpans(context, source.tier)
        : yield* localisedSpans(context, locator, { selection, source }, signal)
    const gathered = yield* gatherClips(context, { ...deps, clipIds, bundle, stream, steps, spansOf }, signal)
    const plan = planInstances(gathered.clips, input)
    if (plan.glosses.length < 2) throw tooFewGlosses(plan.glosses.length, least)
    const clips = gathered.clips.map(({ clip, path, centres }) => ({ clip, path, rows: centres.length }))
    const groups = plan.glosses.map(({ instances }) => instances)
    yield reportOf(gathered, plan, yield* onThread({ clips, groups, least }, signal))
  }

  async function* onThread(work: DensityWork, signal?: AbortSignal) {
    const states = createEmitter<DensityProgress>()
    const ended = new AbortController()
    const iterator = states.iterate(ended.signal, () => 'latest')
    // The emitter keeps nothing for who has not asked yet.
    const first = iterator.next()
    const progress = (state: unknown) => states.emit(state as DensityProgress)
    const working = thread
      .ask('measure', work, { progress, ...(signal && { signal }) })
      .finally(() => ended.abort())
    working.catch(() => {})
    for (let next = await first; !next.done; next = await iterator.next()) yield next.value
    return await working
  }

  return { measure, close: thread.stop }
}

export type DensityService = ReturnType<typeof createDensityService>

function withoutStream({ manifest, fingerprints }: Bundle, stream: string): AppError {
  const there = Object.keys(fingerprints).join(', ')
  return new AppError(
    'invalid-input',
    `${manifest.name} has no features “${stream}”. It has: ${there}. Choose one of them, or another model.`,
    { details: { stream } },
  )
}
