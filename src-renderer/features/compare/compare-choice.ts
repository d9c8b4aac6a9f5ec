import type { RunId } from '#shared/contract/ids.ts'
import type { TOKENIZERS } from '#shared/contract/run.ts'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

export type Tokenizer = (typeof TOKENIZERS)[number]

/** What was compared last: kept while other screens are looked at. */
export const useCompareChoice = defineStore('compare-choice', () => {
  /** In the order in which they were chosen; null until somebody chose. */
  const runIds = shallowRef<readonly RunId[] | null>(null)
  const split = shallowRef('')
  const tokenize = shallowRef<Tokenizer>('auto')
  return { runIds, split, tokenize }
})
