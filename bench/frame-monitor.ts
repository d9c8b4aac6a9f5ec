import type { CDPSession, Page } from '@playwright/test'

/** What the page did in one frame of the display in which it painted a canvas. Milliseconds. */
export interface DrawnFrame {
  /** From the first event or callback of the frame until style, layout and paint are done: the main thread's work. */
  work: number
  /** Since the frame before. */
  interval: number
}

interface MonitoredWindow {
  drawnFrames: DrawnFrame[]
}

/** Runs in the page before its own scripts. */
function installMonitor(): void {
  const frames: DrawnFrame[] = []
  let [began, last, isDrawn] = [0, 0, false]
  const channel = new MessageChannel()
  const begin = () => (began ||= performance.now())
  for (const kind of ['pointermove', 'wheel', 'keydown'])
    window.addEventListener(kind, begin, { capture: true, passive: true })
  const clear = CanvasRenderingContext2D.prototype.clearRect
  CanvasRenderingContext2D.prototype.clearRect = function (...area) {
    if (!isDrawn) performance.mark('drawn')
    isDrawn = true
    clear.apply(this, area)
  }
  channel.port1.onmessage = () => {
    if (isDrawn && last > 0) frames.push({ work: performance.now() - began, interval: began - last })
    last = began
    began = 0
    isDrawn = false
    performance.clearMarks('drawn')
  }
  const tick = () => {
    begin()
    channel.port2.postMessage(null)
    requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
  Object.assign(window, { drawnFrames: frames })
}

export async function monitorFrames(page: Page): Promise<void> {
  await page.addInitScript(installMonitor)
}

/** The frames since the last call. */
export function takeFrames(page: Page): Promise<DrawnFrame[]> {
  return page.evaluate(() => (window as unknown as MonitoredWindow).drawnFrames.splice(0))
}

interface TraceEvent {
  name: string
  tid: number
  ts: number
  dur?: number
  /** Microseconds on a processor. */
  tdur?: number
}

/**
 * Processor time, in milliseconds, that the page's main thread spent in each drawn frame while `act` ran: input,
 * callbacks, style, layout and paint. Unlike a clock's, these times do not grow with what else the machine does.
 */
export async function processorTimes(devtools: CDPSession, act: () => Promise<void>): Promise<number[]> {
  return drawnTasks(await traced(devtools, act))
}

/** Processor time, in milliseconds, of each task of the page's main thread while `act` ran. */
export async function mainThreadWork(devtools: CDPSession, act: () => Promise<void>): Promise<number[]> {
  const events = await traced(devtools, act)
  const tasks = Map.groupBy(
    events.filter(event => event.name === 'RunTask'),
    event => event.tid,
  )
  // Scripts run on the thread that works the most.
  const sum = (of: readonly TraceEvent[]) => of.reduce((total, { tdur = 0 }) => total + tdur, 0)
  const [main = []] = [...tasks.values()].sort((a, b) => sum(b) - sum(a))
  return main.map(({ tdur = 0 }) => tdur / 1000)
}

async function traced(devtools: CDPSession, act: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]))
  const includedCategories = ['disabled-by-default-devtools.timeline', 'blink.user_timing']
  devtools.on('Tracing.dataCollected', collect)
  await devtools.send('Tracing.start', { traceConfig: { includedCategories }, transferMode: 'ReportEvents' })
  await act()
  const complete = new Promise<void>(resolve => devtools.once('Tracing.tracingComplete', () => resolve()))
  await devtools.send('Tracing.end')
  await complete
  devtools.off('Tracing.dataCollected', collect)
  return events
}

function drawnTasks(events: readonly TraceEvent[]): number[] {
  const marks = events.filter(event => event.name === 'drawn').sort((a, b) => a.ts - b.ts)
  const main = marks[0]?.tid
  const tasks = events
    .filter(event => event.name === 'RunTask' && event.tid === main)
    .sort((a, b) => a.ts - b.ts)
  const times: number[] = []
  let at = 0
  for (const { ts } of marks) {
    while (at < tasks.length && (tasks[at]?.ts ?? 0) + (tasks[at]?.dur ?? 0) < ts) at++
    times.push((tasks[at]?.tdur ?? 0) / 1000)
  }
  return times
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
