import { Settings } from '#shared/contract/app.ts'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { useApi } from '../api/client.ts'
import { useNotices } from './notices.ts'

export const useSettings = defineStore('settings', () => {
  const api = useApi()
  const notices = useNotices()
  const current = shallowRef<Settings>(Settings.parse({}))

  async function load(): Promise<void> {
    current.value = await api.app.settings()
  }

  /** Shown at once; taken back where the core could not keep it. */
  async function save(patch: Partial<Settings>): Promise<void> {
    const before = current.value
    current.value = { ...before, ...patch }
    try {
      current.value = await api.app.saveSettings(patch)
    } catch (error) {
      current.value = before
      notices.error(error)
    }
  }

  /** A panel's size, kept between sessions. */
  function savePanel(name: string, size: number): Promise<void> {
    return save({ panels: { ...current.value.panels, [name]: size } })
  }

  return { current, load, save, savePanel }
})
