import type { ClipSelection } from '#shared/contract/clip.ts'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

/** The clips that somebody chose elsewhere to be exported; the export screen starts from them. */
export const useExportScope = defineStore('export-scope', () => {
  const chosen = shallowRef<{ selection: ClipSelection; clips: number } | null>(null)
  return { chosen }
})
