import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { JobId, MediaId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import type { CorpusContext } from '../context.ts'
import type { JobControl } from '../job/handler.ts'
import { findJob, findStoppedJob, type JobRecord } from '../job/job.queries.ts'
import type { JobService } from '../job/job.service.ts'
import { withAbort } from '../media/sharing.ts'
import type { MediaService } from '../media/media.service.ts'

interface ProxyParameters {
  mediaId: MediaId
}

/** What a job of kind `proxy` does: makes the copy that can be played, frame by frame. */
export async function runProxy(media: MediaService, job: JobRecord, control: JobControl) {
  const { mediaId } = JSON.parse(job.parameters) as ProxyParameters
  const onProgress = (done: number, total: number) => control.progress(done, total)
  await media.ensurePlayable(mediaId, { signal: control.signal, onProgress })
  return {}
}

export interface PlaybackDeps {
  jobs: JobService
  media: MediaService
}

/** Copies for playing are jobs: they are seen, stopped and found again like all long work, however many views wait for one. */
export function createPlayback({ db }: CorpusContext, { jobs, media }: PlaybackDeps) {
  const waiting = new Map<MediaId, { jobId: JobId; callers: number }>()

  /**
   * Answers once the medium plays. A job that has not begun goes when nobody waits for it any more, so that leafing
   * through a queue does not leave a tail of copies before the one that is looked at.
   *
   * @throws AppError 'cancelled' where the job was stopped, and what it failed with
   */
  async function prepare(mediaId: MediaId, signal?: AbortSignal): Promise<MediaFacts> {
    if (media.isPlayable(mediaId)) return media.get(mediaId)
    const entry = waiting.get(mediaId) ?? { jobId: await begin(mediaId), callers: 0 }
    waiting.set(mediaId, entry)
    entry.callers += 1
    try {
      const job = await withAbort(jobs.settled(entry.jobId), signal)
      if (job.state === 'failed')
        throw jobs.failureOf(job.id) ?? new AppError('corrupt-file', job.problem ?? 'The copy failed.')
      if (job.state !== 'done')
        throw new AppError('cancelled', `“${job.title}” was stopped. It goes on from the Jobs screen.`)
      return await media.get(mediaId)
    } finally {
      entry.callers -= 1
      if (entry.callers === 0) await leave(mediaId, entry.jobId)
    }
  }

  async function begin(mediaId: MediaId): Promise<JobId> {
    const { path, frames } = await media.get(mediaId)
    const begun = waiting.get(mediaId)
    if (begun) return begun.jobId
    const parameters: ProxyParameters = { mediaId }
    const stopped = findStoppedJob(db, { kind: 'proxy', parameters, clipIds: [] })
    if (stopped !== undefined) return jobs.retry(stopped).id
    const title = `Playable copy of ${basename(path)}`
    return jobs.add({ kind: 'proxy', title, parameters, unit: 'frames', total: frames }).id
  }

  async function leave(mediaId: MediaId, jobId: JobId): Promise<void> {
    waiting.delete(mediaId)
    if (findJob(db, jobId)?.state === 'queued') await jobs.remove(jobId)
  }

  return { prepare }
}
