import type { ClipHypothesis } from '#shared/contract/clip.ts'
import type { RunId } from '#shared/contract/ids.ts'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** Characters of a hypothesis, `to` not included. */
export interface PointedWord {
  hypothesisId: ClipHypothesis['id']
  from: number
  to: number
}

type Owner = Pick<ClipHypothesis, 'id' | 'runId'>

/** The word that somebody points at, wherever its hypothesis is shown, for whoever shows where it came from. */
export const useExplainedWord = defineStore('explained-word', () => {
  /** Whose hypothesis the lanes show; kept from clip to clip. Null: the first one. */
  const runId = shallowRef<RunId | null>(null)
  const word = shallowRef<PointedWord | null>(null)
  /** Asks the lanes to go to the peak of a word; a new object for each wish. */
  const visited = shallowRef<PointedWord | null>(null)

  function point({ id, runId: run }: Owner, from: number, to: number): void {
    runId.value = run
    word.value = { hypothesisId: id, from, to }
  }

  function leave(): void {
    word.value = null
  }

  function visit(owner: Owner, from: number, to: number): void {
    point(owner, from, to)
    visited.value = { hypothesisId: owner.id, from, to }
  }

  return { runId, word, visited, point, leave, visit }
})
