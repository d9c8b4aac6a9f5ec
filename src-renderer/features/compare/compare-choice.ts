import type { RunId } from '#shared/contract/ids.ts'
import type { TOKENIZERS } from '#shared/contract/run.ts'
import { defineStore } from 'pinia'
import { computed } from 'vue'
import { useKept } from '../../composables/use-kept.ts'
import { useCorpus } from '../../stores/corpus.ts'

export type Tokenizer = (typeof TOKENIZERS)[number]

interface Choice {
  /** In the order in which they were chosen; null until somebody chose. */
  runIds: readonly RunId[] | null
  split: string
  tokenize: Tokenizer
}

const FIRST: Choice = { runIds: null, split: '', tokenize: 'auto' }

/** What was compared last in the open corpus. The ids of runs mean nothing in another. */
export const useCompareChoice = defineStore('compare-choice', () => {
  const corpus = useCorpus()
  const kept = useKept<Record<string, Partial<Choice>>>('compare choice', {})
  const folder = computed(() => corpus.current?.dir ?? '')

  const part = <Key extends keyof Choice>(key: Key) =>
    computed<Choice[Key]>({
      get: () => kept.value[folder.value]?.[key] ?? FIRST[key],
      set: value =>
        (kept.value = { ...kept.value, [folder.value]: { ...kept.value[folder.value], [key]: value } }),
    })

  return { runIds: part('runIds'), split: part('split'), tokenize: part('tokenize') }
})
