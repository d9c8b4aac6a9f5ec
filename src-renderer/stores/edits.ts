import type { UndoState } from '#shared/contract/annotation.ts'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { asAppError } from '../api/app-error.ts'
import { useApi } from '../api/client.ts'
import { useNotices } from './notices.ts'

const NOTHING: UndoState = { undo: null, redo: null, savedAt: null }

/** The undo log of the open corpus. It lives in the core, so it outlasts this window. */
export const useEdits = defineStore('edits', () => {
  const api = useApi()
  const notices = useNotices()
  const state = shallowRef<UndoState>(NOTHING)

  const canUndo = computed(() => state.value.undo !== null)
  const canRedo = computed(() => state.value.redo !== null)

  async function refresh(isCorpusOpen: boolean): Promise<void> {
    try {
      state.value = isCorpusOpen ? await api.edit.state() : NOTHING
    } catch (error) {
      // The corpus was closed between the question and its answer, as a restore does for a moment.
      if (asAppError(error).code !== 'no-corpus') throw error
      state.value = NOTHING
    }
  }

  /**
   * Answers with the label of the edit that was undone, for the toast. The core is asked first what that is: the last
   * edit may have reached it without its news being back.
   */
  const undo = () => step('undo')
  const redo = () => step('redo')

  async function step(way: 'undo' | 'redo'): Promise<string | null> {
    try {
      await refresh(true)
      const entry = state.value[way]
      if (entry === null) return null
      state.value = await api.edit[way]()
      return entry.label
    } catch (error) {
      notices.error(error)
      return null
    }
  }

  return { state, canUndo, canRedo, refresh, undo, redo }
})
