import type { AppInfo, DeviceInfo } from '#shared/contract/app.ts'
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useApi } from '../api/client.ts'
import { useSettings } from './settings.ts'

/** The machine that the core runs on. */
export const useWorkplace = defineStore('workplace', () => {
  const api = useApi()
  const settings = useSettings()
  const app = shallowRef<AppInfo>()
  const devices = shallowRef<DeviceInfo[]>([])

  /** The device that jobs use: the one chosen, else the fastest that passed its self-test. */
  const device = computed(() => {
    const usable = devices.value.filter(each => each.isAvailable)
    const chosen = usable.find(each => each.id === settings.current.device)
    return chosen ?? [...usable].sort((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0))[0]
  })

  async function loadApp(): Promise<void> {
    app.value = await api.app.info()
  }

  /** Slow the first time: each device multiplies matrices and is compared with the CPU. */
  async function loadDevices(again = false): Promise<void> {
    devices.value = await api.app.devices({ again })
  }

  return { app, devices, device, loadApp, loadDevices }
})
