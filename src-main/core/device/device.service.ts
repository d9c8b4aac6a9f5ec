import { cpus, hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { DeviceSpeed } from '#shared/contract/model.ts'
import { automaticDevice, fastestDevice } from '#shared/domain/devices.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import type { DeviceChoice, DeviceName, EngineClient } from '../../engine/client.ts'
import type { Log } from '../context.ts'
import { readText, writeJson } from '../json-file.ts'

export interface DeviceDeps {
  engine: Pick<EngineClient, 'devices' | 'measure'>
  dataDir: string
  log: Log
  now: () => number
}

const Remembered = z.record(z.string(), z.array(DeviceSpeed))

/** How fast each device runs each model on this machine, measured once and remembered. */
export function createDeviceService({ engine, dataDir, log, now }: DeviceDeps) {
  const file = join(dataDir, 'device-speeds.json')
  const measuring = new Map<string, Promise<DeviceSpeed[]>>()

  function remembered(bundle: Bundle): DeviceSpeed[] {
    return readAll()[keyOf(bundle)] ?? []
  }

  function readAll(): z.infer<typeof Remembered> {
    try {
      return Remembered.parse(JSON.parse(readText(file) ?? '{}'))
    } catch (error) {
      log.warn({ err: error, file }, 'measured speeds unreadable: they are measured again')
      return {}
    }
  }

  /** Compares every available device with the CPU on this model's own graphs. */
  async function measure(bundle: Bundle, signal?: AbortSignal): Promise<DeviceSpeed[]> {
    const key = keyOf(bundle)
    const running = measuring.get(key)
    if (running) return running
    const result = measureAll(engine, bundle, { now, ...(signal ? { signal } : {}) })
    measuring.set(key, result)
    try {
      const speeds = await result
      writeJson(file, { ...readAll(), [key]: speeds })
      return speeds
    } finally {
      measuring.delete(key)
    }
  }

  /** The fastest that computes what the CPU does; measured first where that was never done. */
  async function choose(bundle: Bundle, wish: DeviceChoice, signal?: AbortSignal): Promise<DeviceName> {
    if (wish !== 'auto') return wish
    const available = (await engine.devices()).filter(report => report.isAvailable).map(report => report.id)
    return (
      automaticDevice(remembered(bundle), available) ??
      fastestDevice(await measure(bundle, signal), available)
    )
  }

  return { remembered, measure, choose }
}

export type DeviceService = ReturnType<typeof createDeviceService>

/** Weights, precision and preprocessing on this machine: another graphics card is another machine. */
function keyOf({ fingerprints }: Bundle): string {
  return [hostname(), cpus()[0]?.model ?? '', ...Object.values(fingerprints)].join('|')
}

async function measureAll(
  engine: DeviceDeps['engine'],
  bundle: Bundle,
  { now, signal }: { now: () => number; signal?: AbortSignal },
): Promise<DeviceSpeed[]> {
  const speeds: DeviceSpeed[] = []
  for (const { id: device, isAvailable } of await engine.devices()) {
    if (!isAvailable) continue
    const measuredAt = now()
    try {
      const { cosine, isSafe, framesPerSecond } = await engine.measure(bundle.dir, device, signal)
      const problem = isSafe ? null : differs(device, cosine)
      speeds.push({
        device,
        isSafe,
        framesPerSecond,
        cosine: Number.isFinite(cosine) ? cosine : null,
        problem,
        measuredAt,
      })
    } catch (error) {
      if (!(error instanceof AppError) || error.code === 'cancelled') throw error
      const nothing = { isSafe: false, framesPerSecond: null, cosine: null }
      speeds.push({ device, ...nothing, problem: error.message, measuredAt })
    }
  }
  return speeds
}

function differs(device: DeviceName, cosine: number): string {
  return `Its features differ from the CPU's (cosine ${cosine.toFixed(5)}), so ${device} is not used for this model. A newer driver may help.`
}
