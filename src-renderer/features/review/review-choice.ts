import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { QueueChoice } from './queue-filters.ts'

/** How somebody likes to review: kept while they look at other screens. */
export const useReviewChoice = defineStore('review-choice', () => {
  const queue = shallowRef<QueueChoice>({ view: 'all', split: '', sort: 'name' })
  const isBlind = shallowRef(false)
  const hasCaption = shallowRef(true)
  return { queue, isBlind, hasCaption }
})
