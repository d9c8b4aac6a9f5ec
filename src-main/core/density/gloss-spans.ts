import type { DensityInput, DensityProgress } from '#shared/contract/density.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { CorpusContext } from '../context.ts'
import { listAnnotationsInClip } from '../localisation/localisation.queries.ts'
import { locateAll } from '../localisation/locate-all.ts'
import type { Locator } from '../localisation/locator.ts'
import type { GlossSpan } from './plan-instances.ts'

/** Which stretches of a clip have a gloss. */
export type SpansOf = (clipId: ClipId) => readonly GlossSpan[]

/** Of the annotations of a tier whose middle lies in the clip. */
export function annotatedSpans({ db }: CorpusContext, tier: string): SpansOf {
  return clipId =>
    listAnnotationsInClip(db, clipId, tier).map(({ value, startMs, endMs }) => ({
      gloss: value,
      startMs,
      endMs,
    }))
}

/** Of what a model finds in the clips. */
export async function* localisedSpans(
  context: CorpusContext,
  locator: Locator,
  {
    selection,
    source,
  }: {
    selection: DensityInput['selection']
    source: Extract<DensityInput['glosses'], { kind: 'localised' }>
  },
  signal?: AbortSignal,
): AsyncGenerator<DensityProgress, SpansOf, void> {
  const spans = new Map<ClipId, GlossSpan[]>()
  const { modelId, measure, threshold } = source
  const search = { selection, modelId, measure, threshold, words: { kind: 'likeliest' as const } }
  for await (const { done, total, tally } of locateAll(context, locator, search, signal)) {
    yield { kind: 'progress', phase: 'glosses', done, total }
    if (done < total) continue
    for (const { clipId, segments } of tally.clips)
      spans.set(
        clipId,
        segments.map(({ word, startMs, endMs }) => ({ gloss: word, startMs, endMs })),
      )
  }
  return clipId => spans.get(clipId) ?? []
}
