/**
 * What importing the outputs of a system takes: seconds and resident memory for the preview and for the import with its
 * undo log, for a file that names its clips, one with references and one whose clips have to be made.
 *
 *   node bench/predictions.bench.ts [--rows 100000]
 */
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { PredictionSource } from '#shared/contract/predictions.ts'
import { createEditing } from '#main/core/edit/edit.service.ts'
import { createPredictionsService } from '#main/core/import/predictions/predictions.service.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { fillCorpus } from '#main/core/testing/large-corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({ options: { rows: { type: 'string', default: '100000' } } })
const ROWS = Number(values.rows)

using work = workFolder()
const db = openDatabase(join(work.path, 'corpus.sqlite'), { create: true })
migrate(db)
fillCorpus(db, { clips: ROWS, annotations: 0 })
const context = testContext(db, work.path)
const editing = createEditing(context)
const service = createPredictionsService(context, { editing })

const references = new Map(
  db
    .prepare<[], [string, string]>(
      'SELECT clip.name, text FROM clip JOIN reference ON clip_id = clip.id ORDER BY clip.id',
    )
    .raw()
    .all(),
)
const named = [...references].map(([name, text]) => ({
  name,
  text,
  output: text.split(' ').slice(1).join(' '),
}))

const FILES: Record<string, { content: string; more?: object }> = {
  'names.txt': { content: named.map(({ name, output }) => `${name}|${output}`).join('\n') },
  'names-and-references.txt': {
    content: named.map(({ name, output, text }) => `${name}|${output}|${text}.`).join('\n'),
    more: { referenceChoice: 'replace' },
  },
  'records.json': { content: JSON.stringify(named.map(({ name, output }) => ({ name, pred: output }))) },
  'new-clips.csv': {
    content: ['name,hypothesis', ...named.map(({ name, output }) => `new-${name},${output}`)].join('\n'),
    more: { makeClips: true },
  },
}

console.log(
  '| file | act | rows | s | processor s | MB | load |\n| --- | --- | --- | --- | --- | --- | --- |',
)
for (const [name, { content, more }] of Object.entries(FILES)) {
  const path = join(work.path, name)
  writeFileSync(path, content)
  const source = PredictionSource.parse({ source: path, ...more })
  await measured(name, 'preview', async () => (await service.preview(source)).counts)
  await measured(name, 'import', async () => (await service.run(source)).counts)
  await measured(name, 'undo', async () => void editing.undo())
}
db.close()

async function measured(
  file: string,
  act: string,
  once: () => Promise<{ imported: number; repaired: number } | void>,
): Promise<void> {
  const [began, worked] = [performance.now(), process.cpuUsage()]
  const counts = await once()
  const { user, system } = process.cpuUsage(worked)
  const rows = counts ? counts.imported + counts.repaired : ''
  const cells = [
    file,
    act,
    rows,
    ((performance.now() - began) / 1000).toFixed(1),
    ((user + system) / 1e6).toFixed(1),
    Math.round(process.memoryUsage.rss() / 1e6),
    loadavg()[0]?.toFixed(1),
  ]
  console.log(`| ${cells.join(' | ')} |`)
}
