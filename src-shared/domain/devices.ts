import type { DeviceSpeed } from '../contract/model.ts'

type DeviceId = DeviceSpeed['device']

/** Of the devices that passed, the one with most frames a second; the CPU where none did. */
export function fastestDevice(speeds: readonly DeviceSpeed[], available: readonly DeviceId[]): DeviceId {
  const usable = speeds.filter(({ device, isSafe }) => isSafe && available.includes(device))
  return usable.sort((a, b) => (b.framesPerSecond ?? 0) - (a.framesPerSecond ?? 0))[0]?.device ?? 'cpu'
}

/** What jobs with a model use where the user leaves the choice; null while there is one and it was not measured. */
export function automaticDevice(
  speeds: readonly DeviceSpeed[],
  available: readonly DeviceId[],
): DeviceId | null {
  if (available.every(device => device === 'cpu')) return 'cpu'
  const isComplete = available.every(device => speeds.some(speed => speed.device === device))
  return isComplete ? fastestDevice(speeds, available) : null
}
