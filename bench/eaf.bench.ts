/**
 * How long a large EAF takes: its preview (tiers on screen), its import (every annotation editable), an edit saved onto
 * its bytes, and how long the core's own thread was held meanwhile. Then, for each EAF of a folder: defects, repairs,
 * and whether import and export give the same XML. There is no peer to run beside it: ELAN has no command line for this.
 * With `--files` also the import of a folder of so many files, of `--megabytes` together.
 *
 *   node bench/eaf.bench.ts [--annotations 200000] [--files 114] [--megabytes 84] [--folder DIR]
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { AnnotationExport, AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import { createAnnotationService } from '#main/core/annotation/annotation.service.ts'
import { createAnnotationFilesService } from '#main/core/annotation-files/annotation-files.service.ts'
import type { ImportedFile } from '#main/core/annotation-files/import-file.ts'
import { workerActs } from '#main/core/annotation-files/worker-acts.ts'
import { createBulkService } from '#main/core/annotation/bulk/bulk.service.ts'
import { createEditing } from '#main/core/edit/edit.service.ts'
import { testContext } from '#main/core/testing/corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import { canonicalXml } from '#main/formats/testing/canonical-xml.ts'
import { largeEaf } from '../e2e/large-eaf.ts'

const { values } = parseArgs({
  options: {
    annotations: { type: 'string', default: '200000' },
    files: { type: 'string', default: '0' },
    megabytes: { type: 'string', default: '84' },
    folder: { type: 'string' },
  },
})
const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
const corpusDir = join(dir, 'Bench.signwright')
mkdirSync(corpusDir)
const db = openDatabase(join(corpusDir, 'corpus.sqlite'), { create: true })
migrate(db)
const context = testContext(db, corpusDir)
const editing = createEditing(context)
const annotations = createAnnotationService(context, { editing })
const acts = workerActs(context)
const files = createAnnotationFilesService(context, { bulk: createBulkService(context, { editing }), acts })

try {
  if (Number(values.files) > 0) await manyFiles(Number(values.files), Number(values.megabytes))
  else await largeFile(Number(values.annotations))
  if (values.folder) await roundTrips(values.folder)
} finally {
  await acts.close()
  db.close()
  rmSync(dir, { recursive: true, force: true })
}

async function largeFile(count: number): Promise<void> {
  const file = join(dir, 'large.eaf')
  writeFileSync(file, largeEaf(count))
  const bytes = readFileSync(file).length
  console.log(`${count} annotations, ${(bytes / 1e6).toFixed(0)} MB; load ${loadavg()[0]?.toFixed(1)}`)
  await timed('tiers on screen, with the start of the thread', () => files.preview({ file, format: 'auto' }))
  await timed('list of its defects', () => files.check({ file, format: 'auto' }))
  const { recordingId } = await timed('import', () => take(file))
  await timed('list of all annotations', async () => annotations.list({ recordingId }))
  edit(recordingId)
  await timed('preview of the export after an edit', () =>
    files.previewExport(exportOf(recordingId, 'out.eaf')),
  )
}

async function manyFiles(count: number, megabytes: number): Promise<void> {
  const folder = join(dir, 'files')
  mkdirSync(folder)
  const each = Math.round((megabytes * 1e6) / count / (largeEaf(10_000).length / 10_000))
  let bytes = 0
  for (let n = 0; n < count; n += 1) {
    // One annotation more from file to file: a file with the bytes of another one is passed over.
    const text = largeEaf(each - Math.floor(count / 2) + n)
    bytes += Buffer.byteLength(text)
    writeFileSync(join(folder, `recording-${String(n).padStart(3, '0')}.eaf`), text)
  }
  console.log(`${count} files, ${(bytes / 1e6).toFixed(0)} MB; load ${loadavg()[0]?.toFixed(1)}`)
  let imported = 0
  await timed('import of the folder, with the start of the thread', () =>
    files.run(AnnotationImport.parse({ sources: [folder] }), {
      signal: new AbortController().signal,
      onFile: ({ result }) => (imported += typeof result === 'object' && 'recordingId' in result ? 1 : 0),
    }),
  )
  const stored = db.prepare('SELECT count(*) FROM annotation').pluck().get()
  console.log(`${imported} recordings with ${String(stored)} annotations`)
  if (imported !== count) process.exitCode = 1
}

function edit(recordingId: RecordingId): void {
  const chosen = annotations.list({ recordingId }).find(({ value }) => /^\w+$/.test(value))
  if (chosen) annotations.update({ annotationId: chosen.id, value: 'changed' })
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(cpu)
  delay.disable()
  console.log(
    `${name}: ${seconds(performance.now() - wall)} s wall, ${seconds((user + system) / 1000)} s CPU; ` +
      `the core's thread was held for ${(delay.max / 1e6).toFixed(0)} ms at most`,
  )
  return result
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2)
}

async function take(file: string, acceptRepairs = false): Promise<ImportedFile> {
  let taken: ImportedFile | undefined
  await files.run(AnnotationImport.parse({ sources: [file], acceptRepairs }), {
    signal: new AbortController().signal,
    onFile: ({ result }) => (taken = result as ImportedFile),
  })
  if (!taken) throw new Error(`${file} was not imported`)
  return taken
}

function exportOf(recordingId: RecordingId, name: string): AnnotationExport {
  return AnnotationExport.parse({ recordingId, file: join(dir, name), overwrite: true })
}

async function roundTrips(folder: string): Promise<void> {
  console.log('\nfile | annotations | defects | mendable | same XML as it was | defects of the repaired copy')
  const names = readdirSync(folder, { recursive: true }) as string[]
  for (const name of names.filter(each => extname(each).toLowerCase() === '.eaf').sort()) {
    const file = join(folder, name)
    const preview = await files.preview({ file, format: 'auto' })
    const check = await files.check({ file, format: 'auto' })
    const back = async (acceptRepairs: boolean) => {
      const { recordingId } = await take(file, acceptRepairs)
      const written = await files.export(exportOf(recordingId, 'back.eaf'))
      return {
        bytes: readFileSync(written.file),
        defects: (await files.check({ file: written.file, format: 'auto' })).defectCount,
      }
    }
    const [same, repaired] = [await back(false), await back(true)]
    const original = readFileSync(file)
    const isSame = same.bytes.equals(original)
      ? 'byte for byte'
      : JSON.stringify(canonicalXml(same.bytes)) === JSON.stringify(canonicalXml(original))
    console.log(
      [
        basename(name),
        preview.annotations,
        check.defectCount,
        check.mendableCount,
        isSame,
        repaired.defects,
      ].join(' | '),
    )
  }
}
