/**
 * What a release of a large corpus takes: seconds, rows a second, resident memory before and at most, bytes written. The
 * release is written twice; the second has to be the same, byte for byte.
 *
 *   node bench/export.bench.ts [--clips 20000]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createExportService } from '#main/core/export/export.service.ts'
import { giveRights, testContext } from '#main/core/testing/corpus.ts'
import { fillCorpus } from '#main/core/testing/large-corpus.ts'
import { migrate } from '#main/db/migrate.ts'
import { openDatabase } from '#main/db/open.ts'
import { ExportRequest } from '#shared/contract/transfer.ts'

const { values } = parseArgs({ options: { clips: { type: 'string', default: '20000' } } })
const CLIPS = Number(values.clips)
const WATCH_MS = 100

const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
try {
  await measure()
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function measure(): Promise<void> {
  const db = openDatabase(join(dir, 'corpus.sqlite'), { create: true })
  migrate(db)
  fillCorpus(db, { clips: CLIPS, annotations: 0 })
  giveRights(db)
  db.pragma('wal_checkpoint(TRUNCATE)')
  const service = createExportService(testContext(db, dir), { name: 'Signwright', version: '0.0.0' })
  console.log('| release | clips | s | rows/s | processor s | MB before | MB at most | MB written | load |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- |')
  const sums = []
  for (const name of ['first', 'again']) sums.push(await once(service, name))
  console.log(sums[0] === sums[1] ? '\nBoth releases are the same, byte for byte.' : '\nTHE RELEASES DIFFER')
  if (sums[0] !== sums[1]) process.exitCode = 1
  db.close()
}

async function once(service: ReturnType<typeof createExportService>, name: string): Promise<string> {
  const outDir = join(dir, name)
  global.gc?.()
  const before = process.memoryUsage.rss()
  let peak = before
  let watchedAt = 0
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), WATCH_MS)
  const [began, worked] = [performance.now(), process.cpuUsage()]
  try {
    await service.run(ExportRequest.parse({ outDir }), {
      signal: new AbortController().signal,
      // The timer of the watch has no turn while a table is written.
      onProgress: () => {
        if (performance.now() - watchedAt < WATCH_MS) return
        watchedAt = performance.now()
        peak = Math.max(peak, process.memoryUsage.rss())
      },
    })
  } finally {
    clearInterval(watch)
  }
  const seconds = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(worked)
  const sums = readFileSync(join(outDir, 'SHA256SUMS'), 'utf8')
  const { files } = JSON.parse(readFileSync(join(outDir, 'manifest.json'), 'utf8')) as {
    files: { bytes: number }[]
  }
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  const cells = [
    name,
    CLIPS,
    seconds.toFixed(1),
    Math.round(CLIPS / seconds),
    ((user + system) / 1e6).toFixed(1),
    ...[before, peak, bytes].map(size => Math.round(size / 1e6)),
    loadavg()[0]?.toFixed(1),
  ]
  console.log(`| ${cells.join(' | ')} |`)
  return sums
}
