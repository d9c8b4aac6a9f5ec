import { AppError } from '#shared/contract/errors.ts'
import type { JobHandler } from './handler.ts'
import { findJob, type JobItem, nextOpenItems, saveJob, setItemState, unitsDone } from './job.queries.ts'
import { controlOf, type LiveDeps, type LiveJob } from './live-job.ts'

type RunItem = NonNullable<JobHandler['runItem']>

interface ItemHandler extends Pick<JobHandler, 'batch'> {
  runItem: RunItem
}

/** A clip that brings the engine down this often is given up; the others go on. */
const MAX_CRASHES_PER_CLIP = 5
/** Failures that the next clip would meet as well: the job stops and waits for the user. */
const STOPPING_CODES = new Set([
  'device-failed',
  'disk-full',
  'ffmpeg-missing',
  'model-unavailable',
  'locked',
  'no-corpus',
  'unreachable',
])

/** Does every open clip of the job, in batches where the handler can; a clip that fails is noted and harms no other. */
export async function workItems(live: LiveJob, handler: ItemHandler, deps: LiveDeps): Promise<void> {
  const { db, announce } = deps
  const size = (await handler.batch?.size(live.job)) ?? 1
  let done = unitsDone(db, live.job.id)
  for (;;) {
    live.abort.signal.throwIfAborted()
    const items = nextOpenItems(db, live.job.id, size)
    if (items.length === 0) break
    const isDone = items.length > 1 && (await workBatch(live, items, handler, { ...deps, before: done }))
    for (const item of items) {
      if (!isDone) {
        live.abort.signal.throwIfAborted()
        await workItem(live, item, handler.runItem, { ...deps, before: done })
      }
      done += item.units
      live.job.done = done
      live.meter.add(done)
      saveJob(db, live.job)
      announce(live)
    }
  }
  const record = findJob(db, live.job.id)
  if (record && record.itemsFailed > 0 && record.itemsDone === 0)
    throw new AppError(
      'invalid-input',
      'None of the clips could be processed. The log names the reason for each.',
    )
}

interface ItemDeps extends LiveDeps {
  /** Units done before this clip, or this batch. */
  before: number
}

/** Whether the batch is done; where it is not, its clips show one by one which of them is to blame. */
async function workBatch(
  live: LiveJob,
  items: readonly JobItem[],
  { batch }: ItemHandler,
  deps: ItemDeps,
): Promise<boolean> {
  const units = items.reduce((sum, item) => sum + item.units, 0)
  const control = controlOf(live, deps, deps.before, { units, clipName: null })
  try {
    await batch?.run(live.job, items, control)
  } catch (error) {
    if (live.abort.signal.aborted || !(error instanceof AppError) || STOPPING_CODES.has(error.code))
      throw error
    control.log('info', `${error.message} Trying these ${items.length} clips one by one.`)
    return false
  }
  deps.db.transaction(() => {
    for (const item of items) setItemState(deps.db, item.id, 'done', null)
  })()
  return true
}

async function workItem(live: LiveJob, item: JobItem, runItem: RunItem, deps: ItemDeps): Promise<void> {
  const { db } = deps
  const control = controlOf(live, deps, deps.before, item)
  for (let crashes = 1; ; crashes++) {
    try {
      await runItem(live.job, item, control)
      setItemState(db, item.id, 'done', null)
      return
    } catch (error) {
      if (live.abort.signal.aborted || !(error instanceof AppError) || STOPPING_CODES.has(error.code))
        throw error
      // A driver that brings the process down twice is a device that failed: the user decides what goes on.
      if (error.code === 'engine-crashed' && crashes > 1 && isOtherThanCpu(live.job.device))
        throw new AppError('device-failed', error.message, {
          cause: error,
          details: { device: live.job.device },
        })
      if (error.code === 'engine-crashed' && crashes < MAX_CRASHES_PER_CLIP) {
        control.log('warning', `${error.message} Trying this clip again.`)
        continue
      }
      control.log('error', error.message)
      setItemState(db, item.id, 'failed', error.message)
      return
    }
  }
}

function isOtherThanCpu(device: string | null): boolean {
  return device !== null && !device.endsWith('cpu')
}
