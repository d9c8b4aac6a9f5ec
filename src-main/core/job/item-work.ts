import { AppError } from '#shared/contract/errors.ts'
import type { JobHandler } from './handler.ts'
import { findJob, type JobItem, nextOpenItem, saveJob, setItemState, unitsDone } from './job.queries.ts'
import { controlOf, type LiveDeps, type LiveJob } from './live-job.ts'

type RunItem = NonNullable<JobHandler['runItem']>

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
])

/** Calls `runItem` for every open clip of the job; a clip that fails is noted and harms no other. */
export async function workItems(live: LiveJob, runItem: RunItem, deps: LiveDeps): Promise<void> {
  const { db, announce } = deps
  let done = unitsDone(db, live.job.id)
  for (;;) {
    live.abort.signal.throwIfAborted()
    const item = nextOpenItem(db, live.job.id)
    if (!item) break
    await workItem(live, item, runItem, { ...deps, before: done })
    done += item.units
    live.job.done = done
    live.meter.add(done)
    saveJob(db, live.job)
    announce(live)
  }
  const record = findJob(db, live.job.id)
  if (record && record.itemsFailed > 0 && record.itemsDone === 0)
    throw new AppError(
      'invalid-input',
      'None of the clips could be processed. The log names the reason for each.',
    )
}

interface ItemDeps extends LiveDeps {
  /** Units done before this clip. */
  before: number
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
