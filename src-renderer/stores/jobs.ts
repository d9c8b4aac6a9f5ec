import type { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { defineStore } from 'pinia'
import { computed, onScopeDispose, shallowReactive } from 'vue'
import { useApi, useConnection } from '../api/client.ts'
import { follow } from '../api/follow.ts'
import { createListeners } from './listeners.ts'

const UNFINISHED = new Set<Job['state']>(['queued', 'running', 'paused'])

export function isUnfinished(job: Job): boolean {
  return UNFINISHED.has(job.state)
}

/** The job table of the core, kept up to date by its stream. */
export const useJobs = defineStore('jobs', () => {
  const api = useApi()
  const connection = useConnection()
  const byId = shallowReactive(new Map<JobId, Job>())
  const { tell, listen } = createListeners<Job>()

  const all = computed(() => [...byId.values()].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id))
  const unfinished = computed(() => all.value.filter(isUnfinished))
  const running = computed(() => all.value.find(job => job.state === 'running') ?? null)

  async function refresh(): Promise<void> {
    const jobs = await api.job.list()
    byId.clear()
    for (const job of jobs) byId.set(job.id, job)
  }

  function receive(job: Job): Job {
    const before = byId.get(job.id)
    byId.set(job.id, job)
    if (!isUnfinished(job) && (!before || isUnfinished(before))) tell(job)
    return job
  }

  /** Takes over a job that a call has just started, before the stream tells of it. */
  const adopt = receive
  const pause = async (jobId: JobId) => receive(await api.job.pause({ jobId }))
  const resume = async (jobId: JobId) => receive(await api.job.resume({ jobId }))
  const cancel = async (jobId: JobId) => receive(await api.job.cancel({ jobId }))
  const goOn = async (jobId: JobId) => receive(await api.job.answer({ jobId, goOn: true }))
  const stop = async (jobId: JobId) => receive(await api.job.answer({ jobId, goOn: false }))
  const retry = async (jobId: JobId) => receive(await api.job.retry({ jobId }))

  async function remove(jobId: JobId): Promise<void> {
    await api.job.remove({ jobId })
    byId.delete(jobId)
  }

  function start(signal: AbortSignal): Promise<void> {
    return follow({
      connection,
      signal,
      open: abort => api.job.changes(undefined, { signal: abort }),
      refresh,
      receive,
    })
  }

  return {
    byId,
    all,
    unfinished,
    running,
    start,
    refresh,
    adopt,
    pause,
    resume,
    cancel,
    retry,
    goOn,
    stop,
    remove,
    listen,
  }
})

/** Calls back with each job that ends, for as long as the calling component lives. */
export function onJobEnd(listener: (job: Job) => void): void {
  onScopeDispose(useJobs().listen(listener))
}
