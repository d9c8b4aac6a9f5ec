import { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { expect, test, vi } from 'vitest'
import { clientOf, core, createFeed, inApp } from '../testing/test-core.ts'
import { onJobEnd, useJobs } from './jobs.ts'

function job(id: number, state: Job['state'], more: Partial<Job> = {}): Job {
  return {
    id: JobId.parse(id),
    scope: 'corpus',
    kind: 'extract',
    title: `Job ${id}`,
    state,
    done: 0,
    total: 10,
    unit: 'frames',
    itemsDone: 0,
    itemsFailed: 0,
    itemsTotal: 10,
    rate: null,
    secondsLeft: null,
    device: null,
    attempts: 1,
    createdAt: id,
    startedAt: null,
    finishedAt: null,
    problem: null,
    warning: null,
    runId: null,
    question: null,
    fallback: null,
    memoryBytes: null,
    output: null,
    ...more,
  }
}

function setup(stored: Job[]) {
  const feed = createFeed<Job>()
  const api = clientOf({
    job: {
      list: core.job.list.handler(() => stored),
      cancel: core.job.cancel.handler(({ input }) => job(input.jobId, 'cancelled')),
      remove: core.job.remove.handler(() => {}),
      changes: core.job.changes.handler(() => feed.stream()),
    },
  })
  const ended: string[] = []
  const abort = new AbortController()
  const { result: jobs } = inApp(api, () => {
    onJobEnd(each => ended.push(`${each.title} ${each.state}`))
    return useJobs()
  })
  void jobs.start(abort.signal)
  const stop = () => {
    abort.abort()
    feed.end()
  }
  return { jobs, feed, ended, stop }
}

test('follows progress and tells once of each job that ends', async () => {
  const { jobs, feed, ended, stop } = setup([job(1, 'running'), job(2, 'queued'), job(3, 'done')])
  await vi.waitFor(() => expect(jobs.all).toHaveLength(3))
  expect([jobs.running?.id, jobs.unfinished.length, ended]).toEqual([1, 2, []])

  feed.send(job(1, 'running', { done: 5 }))
  await vi.waitFor(() => expect(jobs.running?.done).toBe(5))
  feed.send(job(1, 'done'))
  feed.send(job(1, 'done'))
  feed.send(job(2, 'running'))
  await vi.waitFor(() => expect(jobs.running?.id).toBe(2))

  expect(ended).toEqual(['Job 1 done'])
  stop()
})

test('shows a cancelled job as it is answered and forgets a removed one', async () => {
  const { jobs, ended, stop } = setup([job(1, 'running')])
  await vi.waitFor(() => expect(jobs.all).toHaveLength(1))

  await jobs.cancel(JobId.parse(1))
  expect([jobs.running, ended]).toEqual([null, ['Job 1 cancelled']])

  await jobs.remove(JobId.parse(1))
  expect(jobs.all).toEqual([])
  stop()
})
