import { expect, onTestFinished, test, vi } from 'vitest'
import { memoryDatabase } from '../../db/open.ts'
import { addRecording, testContext } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { startBackups } from './backup-schedule.ts'
import { listBackups } from './backup-list.ts'

const HOUR = 3_600_000

test('backs up every hour in which something was written', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  onTestFinished(() => void vi.useRealTimers())
  const dir = temporaryFolder()
  const context = testContext(memoryDatabase())
  const schedule = startBackups(context, dir)
  // A copy that is asked for waits for those in the queue.
  const settle = () => schedule.take()

  await settle()
  vi.advanceTimersByTime(HOUR)
  await settle()
  addRecording(context.db)
  vi.advanceTimersByTime(HOUR)
  await settle()
  addRecording(context.db, 'rec-2')
  vi.advanceTimersByTime(HOUR)
  await settle()
  vi.advanceTimersByTime(5 * HOUR)
  await schedule.stop()
  const reasons = listBackups(dir).map(({ reason }) => reason)
  expect(reasons.filter(reason => reason !== 'manual')).toEqual(['hourly', 'daily'])
})
