/**
 * How undo feels in a corpus that has been worked in for months: one step, a long jump, the history of a value, two
 * dates compared, a tier restored. Prints median and 95th percentile against the budget each has to keep, elapsed and of
 * processor time: on a machine that others use, the second is what the program takes.
 *
 *   node bench/undo.bench.ts [--annotations 100000] [--steps 10000]
 */
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { AnnotationId, EditId, TierId } from '#shared/contract/ids.ts'
import { createAnnotationService } from '#main/core/annotation/annotation.service.ts'
import { createEditing } from '#main/core/edit/edit.service.ts'
import { createHistoryService } from '#main/core/history/history.service.ts'
import { createReferenceService } from '#main/core/reference/reference.service.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { fillCorpus } from '#main/core/testing/large-corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    annotations: { type: 'string', default: '100000' },
    steps: { type: 'string', default: '10000' },
  },
})
const annotationCount = Number(values.annotations)
const stepCount = Number(values.steps)

using work = workFolder()
const dir = work.path
await run(join(dir, 'corpus.sqlite'))

async function run(file: string): Promise<void> {
  const made = openDatabase(file, { create: true })
  migrate(made)
  fillCorpus(made, { clips: 1000, annotations: annotationCount })
  made.close()
  const db = openDatabase(file, { create: false })
  const context = testContext(db, dir)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const history = createHistoryService(context, {
    editing,
    annotations,
    references: createReferenceService(context, { editing }),
  })
  const ids = db.prepare('SELECT id FROM annotation ORDER BY id').pluck().all() as AnnotationId[]
  const began = context.now()
  let n = 0
  await measure('edit one value', 20, stepCount, () => {
    annotations.update({
      annotationId: ids[(n * 7919) % ids.length] as AnnotationId,
      value: `value ${(n += 1)}`,
    })
  })
  await measure(`difference of two dates, ${stepCount} edits between`, 1000, 5, () =>
    history.diff({ fromAt: began }),
  )
  const tierId = db.prepare('SELECT min(id) FROM tier').pluck().get() as TierId
  await measure('preview of restoring a tier', 1000, 5, () =>
    history.previewRestoreTier({ tierId, at: began }),
  )
  await measure('restore a tier', 1000, 5, () => history.restoreTier({ tierId, at: began }), editing.undo)
  await measure('undo', 20, 1000, () => editing.undo())
  await measure('redo', 20, 1000, () => editing.redo())
  const middle = (editing.state().undo?.id ?? 0) - stepCount / 2
  const targets = [middle, stepCount] as EditId[]
  await measure(`jump of ${stepCount / 2} steps`, 1000, 10, at => editing.jumpTo(targets[at % 2] as EditId))
  await measure('preview of the same jump', 1000, 5, () => history.previewJump(middle as EditId))
  await measure('page of the list', 50, 50, at =>
    history.edits({ skip: (at * 197) % stepCount, limit: 200, text: '' }),
  )
  await measure('history of one annotation', 100, 50, at =>
    history.of({ kind: 'annotation', id: ids[(at * 7919) % ids.length] as AnnotationId }),
  )
  console.log(`load ${loadavg()[0]?.toFixed(1)}`)
  db.close()
}

async function measure(
  name: string,
  budgetMs: number,
  times: number,
  act: (at: number) => unknown,
  takeBack: () => unknown = () => {},
): Promise<void> {
  const elapsed: number[] = []
  const processor: number[] = []
  for (let at = 0; at < times; at += 1) {
    const used = process.cpuUsage()
    const from = performance.now()
    await act(at)
    elapsed.push(performance.now() - from)
    const { user, system } = process.cpuUsage(used)
    processor.push((user + system) / 1000)
    await takeBack()
  }
  const at = (taken: number[], share: number) =>
    (taken.toSorted((a, b) => a - b)[Math.min(times - 1, Math.floor(times * share))] ?? 0).toFixed(1)
  console.log(
    `${name}: p50 ${at(elapsed, 0.5)} ms, p95 ${at(elapsed, 0.95)} ms; processor p50 ${at(processor, 0.5)} ms, p95 ${at(processor, 0.95)} ms (budget ${budgetMs} ms, ${times} times)`,
  )
}
