import type { AppInfo, DeviceInfo } from '#shared/contract/app.ts'
import type { ModelId } from '#shared/contract/ids.ts'
import type { DeviceSpeed } from '#shared/contract/model.ts'
import { automaticDevice } from '#shared/domain/devices.ts'
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

  const speeds = shallowRef<ReadonlyMap<ModelId, DeviceSpeed[]>>(new Map())

  /** The device that jobs with this model use; undefined while that has to be measured. */
  function deviceFor(modelId: ModelId | undefined): DeviceInfo | undefined {
    const usable = devices.value.filter(each => each.isAvailable)
    const chosen = usable.find(each => each.id === settings.current.device)
    if (chosen) return chosen
    const known = (modelId && speeds.value.get(modelId)) ?? []
    const automatic = automaticDevice(
      known,
      usable.map(({ id }) => id),
    )
    return usable.find(each => each.id === automatic)
  }

  /** That of the model which was measured last. */
  const device = computed(() => {
    const newest = (list: readonly DeviceSpeed[]) => Math.max(...list.map(({ measuredAt }) => measuredAt))
    const [last] = [...speeds.value].sort(([, a], [, b]) => newest(b) - newest(a))
    return deviceFor(last?.[0])
  })

  async function loadApp(): Promise<void> {
    app.value = await api.app.info()
  }

  /** Slow the first time: each device multiplies matrices and is compared with the CPU. */
  async function loadDevices(again = false): Promise<void> {
    devices.value = await api.app.devices({ again })
  }

  /** What is remembered of every model; nothing is measured. */
  async function loadSpeeds(): Promise<void> {
    const models = await api.model.list()
    const lists = models
      .filter(({ problem }) => problem === null)
      .map(async ({ id }) => [id, await api.model.speeds({ modelId: id })] as const)
    speeds.value = new Map((await Promise.all(lists)).filter(([, list]) => list.length > 0))
  }

  async function measure(modelId: ModelId): Promise<void> {
    const measured = await api.model.measure({ modelId })
    speeds.value = new Map(speeds.value).set(modelId, measured)
  }

  return { app, devices, device, speeds, deviceFor, loadApp, loadDevices, loadSpeeds, measure }
})
