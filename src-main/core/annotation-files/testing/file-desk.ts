import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect } from 'vitest'
import type { AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { testCore } from '../../testing/workplace.ts'

/** An empty corpus, a folder to lay files in, and a way to take them in. */
export async function fileDesk() {
  const dir = temporaryFolder()
  const core = await testCore(dir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dir, 'Test.signwright'), name: 'Test' })
  const place = (name: string, content: string | Uint8Array) => {
    const file = join(dir, name)
    writeFileSync(file, content)
    return file
  }
  const take = async (file: string, options: Partial<AnnotationImport> = {}) => {
    const job = await api.annotationFile.import({ sources: [file], ...options })
    const ended = await core.settled(job.id, () => {})
    expect([ended.state, ended.problem]).toEqual(['done', null])
    const taken = (await api.annotationFile.list({})).findLast(({ path }) => path === file)
    if (!taken) throw new Error(`${file} was not taken in`)
    return taken
  }
  const rows = async (recordingId: RecordingId) => {
    const tiers = await api.annotation.tiers({ recordingId })
    const names = new Map(tiers.map(({ id, name }) => [id, name]))
    const all = await api.annotation.list({ recordingId })
    return all.map(one => `${names.get(one.tierId)} ${one.startMs}–${one.endMs} ${one.value}`)
  }
  return { dir, core, api, place, take, rows }
}
