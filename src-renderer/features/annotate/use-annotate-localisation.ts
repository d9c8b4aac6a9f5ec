import type { Annotation } from '#shared/contract/annotation.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import { computed, type Ref, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { shownKeys } from '../../composables/key-stroke.ts'
import { useAction } from '../../composables/use-action.ts'
import { useCommands } from '../../composables/use-commands.ts'
import { useFormat } from '../../composables/use-format.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useText } from '../../composables/use-text.ts'
import { useCommandRegistry } from '../../stores/commands.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'
import { useClipAt } from '../localisation/use-clip-at.ts'
import { useLocalisation } from '../localisation/use-localisation.ts'
import { useSuggestions } from '../localisation/use-suggestions.ts'
import type { RecordingDocument } from './document.ts'
import type { Timeline } from './timeline-link.ts'

export interface LocalisationDeps {
  recordingId: Readonly<Ref<RecordingId | null>>
  document: RecordingDocument
  timeline: () => Timeline | null
  nowMs: () => number | null
  /** Picks an annotation and goes there. */
  reveal: (item: Annotation) => void
}

/** What a model finds in the recording, and what it proposes for its tiers. */
export function useAnnotateLocalisation(deps: LocalisationDeps) {
  const api = useApi()
  const { t } = useText()
  const notices = useNotices()
  const { recordingId, document, timeline } = deps
  const clipId = useClipAt(recordingId, deps.nowMs)
  const localisation = useLocalisation(clipId)
  const { choice } = localisation
  const tierNames = computed(() =>
    document.tiers.value
      .filter(tier => !tier.isSentenceView && tier.parentId === null)
      .map(({ name }) => name),
  )
  const suggestions = useSuggestions(recordingId, {
    nowMs: deps.nowMs,
    show: ({ tierId, startMs, endMs, value }) => {
      timeline()?.picked.unpick(tierId)
      deps.reveal({ id: 0 as Annotation['id'], tierId, startMs, endMs, value })
    },
    accepted: document.shared.adopt,
    edit: made => timeline()?.edit(made),
  })

  const keyHints = useKeyHints()
  const propose = useAction(async () => {
    const model = localisation.model.value
    if (clipId.value === null || !model) return
    const { measure, threshold, tier } = choice.value
    const events = await api.localisation.propose({
      selection: { kind: 'ids', clipIds: [clipId.value] },
      modelId: model.id,
      words: localisation.wordSource.value,
      measure,
      threshold,
      tier: tier.trim() || t('localisation.tierName'),
    })
    for await (const event of events)
      if (event.kind === 'done')
        notices.good(
          [
            t('localisation.proposed', { n: event.proposed, known: event.known }, event.proposed),
            event.proposed > 0 ? keyHints() : '',
          ]
            .join(' ')
            .trim(),
        )
    await suggestions.load()
    const [first] = suggestions.open.value
    if (first && !suggestions.current.value) suggestions.choose(first)
  })

  useCommands([{ id: 'localisation.toggle', run: localisation.toggle }])
  return { localisation, suggestions, tierNames, propose, origin: useOrigin(deps) }
}

const ANSWERS = ['accept', 'edit', 'reject', 'next', 'previous'] as const

/** What the keys of the keymap in use do with suggestions; commands without a key are left out. */
function useKeyHints() {
  const { t } = useText()
  const commands = useCommandRegistry()
  return () =>
    ANSWERS.flatMap(answer => {
      const keys = commands.keyOf(`suggestion.${answer}`)
      return keys === undefined ? [] : [t(`localisation.proposedKeys.${answer}`, { key: shownKeys(keys) })]
    }).join(' · ')
}

/** Where the picked annotation comes from, in a sentence; empty for one that a person made. */
function useOrigin({ recordingId, timeline }: LocalisationDeps) {
  const api = useApi()
  const { t } = useText()
  const { fixed } = useFormat()
  const { answer, load } = useRequest(async signal =>
    recordingId.value === null ? [] : api.suggestion.origins({ recordingId: recordingId.value }, { signal }),
  )
  watch(recordingId, () => void load(), { immediate: true })
  onCorpusChange(['suggestion'], () => void load())
  return computed(() => {
    const picked = timeline()?.picked.picked.value
    const origin = picked && answer.value?.find(({ annotationId }) => annotationId === picked.id)
    if (!origin) return ''
    const { model, version, value, measure, score, threshold } = origin
    const numbers = { score: fixed(score, 2), threshold: fixed(threshold, 2) }
    return t('localisation.origin', { model: `${model} ${version}`, word: value, measure, ...numbers })
  })
}
