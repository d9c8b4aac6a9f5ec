import type { ClipId } from '#shared/contract/ids.ts'
import type { WordSource } from '#shared/contract/localisation.ts'
import type { ModelInfo } from '#shared/contract/model.ts'
import { localisedSegments } from '#shared/domain/localised-segments.ts'
import { computed, type Ref, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useJobs, onJobEnd } from '../../stores/jobs.ts'
import { useSettings } from '../../stores/settings.ts'
import { type LocalisationChoice, useLocalisationChoice } from './localisation-choice.ts'

type Choice = Ref<LocalisationChoice>

/** The models that localise, and the one that is chosen. */
function useModels(choice: Choice) {
  const api = useApi()
  const { answer, load } = useRequest(signal => api.model.list(undefined, { signal }))
  void load()
  const able = computed(() =>
    (answer.value ?? []).filter(each => each.problem === null && each.abilities.includes('localise')),
  )
  const model = computed(() => able.value.find(({ id }) => id === choice.value.modelId) ?? able.value[0])
  const hasNoModel = computed(() => answer.value !== undefined && able.value.length === 0)
  onJobEnd(job => {
    if (job.kind === 'convert') void load()
  })
  return { able, model, hasNoModel }
}

/** What that model finds in the clip. */
function useFound(clipId: Readonly<Ref<ClipId | null>>, choice: Choice, model: Ref<ModelInfo | undefined>) {
  const api = useApi()
  const wanted = computed(() => {
    if (!choice.value.isShown || clipId.value === null || !model.value) return null
    const { source, words } = choice.value
    const ask = { clipId: clipId.value, modelId: model.value.id }
    if (source !== 'words') return { ...ask, source }
    return words.length > 0 ? { ...ask, source, words: [...words] } : null
  })
  const { answer, error, load } = useRequest(async signal => {
    if (!wanted.value) return null
    const { source, ...ask } = wanted.value
    if (source !== 'sentence') return { ask, found: await api.localisation.ofClip(ask, { signal }) }
    const sentence = await api.pseudoGloss.ofClip({ clipId: ask.clipId }, { signal })
    const words = [...new Set(sentence?.glosses ?? [])]
    return {
      ask,
      found: words.length > 0 ? await api.localisation.ofClip({ ...ask, words }, { signal }) : null,
    }
  })
  watch(wanted, () => void load(), { immediate: true })
  onJobEnd(job => {
    if (job.kind === 'extract' || job.kind === 'translate') void load()
  })
  /** Never that of another clip. */
  const found = computed(() => {
    const { ask, found: localisation } = answer.value ?? {}
    return wanted.value && ask?.clipId === clipId.value ? (localisation ?? null) : null
  })
  /** The clip has no sentence, or one without pseudo-glosses. */
  const hasNoSentence = computed(
    () =>
      wanted.value?.source === 'sentence' &&
      answer.value?.ask.clipId === clipId.value &&
      answer.value?.found === null,
  )
  return { found, hasNoSentence, error, load }
}

/** Where the chosen model finds words in a clip, and what of it reaches the threshold. */
export function useLocalisation(clipId: Readonly<Ref<ClipId | null>>) {
  const api = useApi()
  const jobs = useJobs()
  const settings = useSettings()
  const choice = useLocalisationChoice()
  const models = useModels(choice)
  const { found, hasNoSentence, error, load } = useFound(clipId, choice, models.model)

  const matrix = computed(() => found.value?.[choice.value.measure] ?? [])
  const segments = computed(() =>
    localisedSegments(matrix.value, found.value?.glosses ?? [], choice.value.threshold),
  )
  /** Those that are shown. */
  const wordSource = computed((): WordSource => {
    const words = found.value?.glosses ?? []
    return words.length > 0 && choice.value.source !== 'likeliest'
      ? { kind: 'words', words }
      : { kind: 'likeliest' }
  })
  const change = (changes: Partial<LocalisationChoice>) =>
    void (choice.value = { ...choice.value, ...changes })

  const extract = useAction(async () => {
    const model = models.model.value
    if (clipId.value === null || !model) return
    const selection = { kind: 'ids' as const, clipIds: [clipId.value] }
    const { device } = settings.current
    jobs.adopt(await api.job.extract({ selection, modelId: model.id, device }))
  })

  return {
    ...models,
    choice,
    change,
    toggle: () => change({ isShown: !choice.value.isShown }),
    found,
    hasNoSentence,
    matrix,
    segments,
    error,
    load,
    needsFeatures: computed(() => error.value?.details['missing'] === 'features'),
    hasNoClip: computed(() => clipId.value === null),
    wordSource,
    extract,
  }
}

export type LocalisationState = ReturnType<typeof useLocalisation>
