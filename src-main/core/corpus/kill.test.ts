import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording, contentOf } from '../testing/corpus.ts'
import { corpusDeps, temporaryFolder } from '../testing/folders.ts'
import { isSound } from './backup.ts'
import { createCorpus, openCorpus } from './open-corpus.ts'

const KILLS = Number(process.env['SIGNWRIGHT_KILLS'] ?? 20)
const child = join(import.meta.dirname, '../testing/edit-until-killed.ts')

/** Edits in a process of its own and kills that without warning; returns what it had acknowledged. */
async function editAndKill(dir: string, lifeMs: number): Promise<string[]> {
  const editor = spawn(process.execPath, [child, dir], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let complaint = ''
  editor.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  editor.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const ended = once(editor, 'close')
  // Every fourth is killed while it starts and opens.
  if (lifeMs % 4 > 0) await Promise.race([once(editor.stdout, 'data'), ended])
  setTimeout(() => editor.kill('SIGKILL'), lifeMs)
  await ended
  expect(complaint).toBe('')
  // A last line without its end was not acknowledged in full.
  return said.split('\n').slice(0, -1)
}

test(`${KILLS} kills amid editing lose nothing that was acknowledged`, { timeout: 20 * 60_000 }, async () => {
  const deps = corpusDeps()
  const corpus = await createCorpus(temporaryFolder(), { name: 'Kill' }, deps)
  const { dir } = corpus.context
  addClip(corpus.context.db, addRecording(corpus.context.db), { name: 'a', references: ['eins'] })
  const start = contentOf(corpus.context.db)
  await corpus.close()

  const acknowledged: string[] = []
  for (let n = 0; n < KILLS; n++) {
    acknowledged.push(...(await editAndKill(dir, (n * 37) % 400)))
    const again = await openCorpus(dir, deps)
    const { db } = again.context
    // Killed between an undo and its redo, the last edit waits undone.
    const editing = createEditing(again.context)
    while (editing.state().redo) editing.redo()
    expect(isSound(db)).toBe(true)
    const stored = new Set(db.prepare(`SELECT id || char(9) || text FROM reference`).pluck().all())
    expect(acknowledged.filter(line => !stored.has(line))).toEqual([])
    await again.close()
  }
  expect(acknowledged.length).toBeGreaterThan(KILLS)

  const last = await openCorpus(dir, deps)
  const editing = createEditing(last.context)
  while (editing.state().undo) editing.undo()
  expect(contentOf(last.context.db)).toEqual(start)
  await last.close()
})
