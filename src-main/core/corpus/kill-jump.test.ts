import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording } from '../testing/corpus.ts'
import { corpusDeps, temporaryFolder } from '../testing/folders.ts'
import { isSound } from './backup.ts'
import { createCorpus, openCorpus } from './open-corpus.ts'

const KILLS = 8
const STEPS = 5000
const child = join(import.meta.dirname, '../testing/jump-until-killed.ts')

async function jumpAndKill(dir: string, afterMs: number): Promise<void> {
  const jumper = spawn(process.execPath, [child, dir], { stdio: ['ignore', 'pipe', 'pipe'] })
  let complaint = ''
  jumper.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text))
  const ended = once(jumper, 'close')
  await Promise.race([once(jumper.stdout, 'data'), ended])
  setTimeout(() => jumper.kill('SIGKILL'), afterMs)
  await ended
  expect(complaint).toBe('')
}

test(
  `a jump of ${STEPS} steps that is killed has happened or has not`,
  { timeout: 10 * 60_000 },
  async () => {
    const deps = corpusDeps()
    const corpus = await createCorpus(temporaryFolder(), { name: 'Jump' }, deps)
    const { dir, db } = corpus.context
    const clipId = addClip(db, addRecording(db), { name: 'a' })
    const editing = createEditing(corpus.context)
    db.pragma('synchronous = OFF')
    for (let n = 1; n <= STEPS; n++)
      editing.run('Note', { clipId }, tx => tx.update('clip', clipId, { note: `${n}` }))
    await corpus.close()

    for (let n = 0; n < KILLS; n++) {
      await jumpAndKill(dir, (n * 83) % 700)
      const again = await openCorpus(dir, deps)
      expect(isSound(again.context.db)).toBe(true)
      const states = again.context.db
        .prepare('SELECT state, count(*) AS edits, (SELECT note FROM clip) AS note FROM edit GROUP BY state')
        .all()
      const isBack = (states[0] as { state: string }).state === 'undone'
      expect(states).toEqual([
        { state: isBack ? 'undone' : 'applied', edits: STEPS, note: isBack ? '' : `${STEPS}` },
      ])
      await again.close()
    }
  },
)
