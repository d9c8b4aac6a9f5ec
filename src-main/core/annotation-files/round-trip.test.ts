import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AnnotationFilePreview, AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import { canonicalXml } from '../../formats/testing/canonical-xml.ts'
import { NO_REAL_FILES, realFiles } from '../../formats/testing/real-files.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { createBulkService } from '../annotation/bulk/bulk.service.ts'
import { createEditing } from '../edit/edit.service.ts'
import { testContext } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { createAnnotationFilesService } from './annotation-files.service.ts'
import { fileActs } from './file-acts.ts'
import type { ImportedFile } from './import-file.ts'

/** EAFv3.0.xsd, which is not ours to give out. */
const SCHEMA = process.env['SIGNWRIGHT_EAF_XSD']
/** What was written from repaired files, to be checked against the schema at the end. */
const written: Uint8Array[] = []

async function setup(name: string, bytes: Uint8Array) {
  const dir = temporaryFolder()
  const context = testContext(undefined, join(dir, 'Test.signwright'))
  mkdirSync(context.dir)
  const file = join(dir, name)
  writeFileSync(file, bytes)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const bulk = createBulkService(context, { editing })
  const files = createAnnotationFilesService(context, { bulk, acts: fileActs(context) })
  const take = async (options: Partial<AnnotationImport> = {}) => {
    let taken: ImportedFile | undefined
    await files.run(AnnotationImport.parse({ sources: [file], ...options }), {
      signal: new AbortController().signal,
      onFile: ({ result }) => (taken = result as ImportedFile),
    })
    return taken as ImportedFile
  }
  let exports = 0
  const save = async (recordingId: RecordingId) => {
    const out = join(dir, `out-${(exports += 1)}.eaf`)
    const request = { recordingId, file: out, withSentences: false, withHypotheses: false, overwrite: false }
    const preview = await files.previewExport(request)
    await files.export(request)
    return { preview, bytes: readFileSync(out) }
  }
  return { context, editing, annotations, files, file, take, save }
}

const real = realFiles('.eaf', '.etf')
const canonical = (bytes: Uint8Array) => canonicalXml(bytes).join('\n')

test.skipIf(real.length)('real EAF files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(real)('$name', ({ name, bytes }) => {
  test('is the same, byte for byte, without an edit; one edited value changes one line', async () => {
    const { take, save, files, file, annotations } = await setup(basename(name), bytes)
    expect(AnnotationFilePreview.parse(await files.preview({ file, format: 'auto' })).file).toBe(file)
    const { recordingId } = await take()
    const unedited = await save(recordingId)
    expect(unedited.preview).toMatchObject({ isOntoOriginal: true, edits: [], losses: [] })
    expect(unedited.bytes.equals(bytes)).toBe(true)
    const free = new Set(
      annotations
        .tiers(recordingId)
        .filter(tier => tier.vocabularyId === null)
        .map(({ id }) => id),
    )
    const chosen = annotations
      .list({ recordingId })
      .find(({ value, tierId }) => free.has(tierId) && /^\w+$/.test(value))
    if (!chosen) return
    annotations.update({ annotationId: chosen.id, value: 'something else' })
    const { preview, bytes: edited } = await save(recordingId)
    expect(preview.edits).toEqual(['1 changed text.'])
    const lines = (all: Uint8Array) => Buffer.from(all).toString().split('\n')
    const before = lines(bytes)
    expect(lines(edited).filter((line, at) => line !== before[at])).toHaveLength(1)
  })

  test('is the repaired file, canonically; what is added, removed and renamed comes back in', async () => {
    const { take, save, files, file, annotations } = await setup(basename(name), bytes)
    const { formatVersion } = await files.preview({ file, format: 'auto' })
    const { defectCount } = await files.check({ file, format: 'auto' })
    const { recordingId } = await take({ acceptRepairs: true })
    const repaired = await save(recordingId)
    expect(repaired.preview.edits).toEqual([])
    if (defectCount === 0) expect(canonical(repaired.bytes)).toBe(canonical(bytes))
    // Files of older versions keep their FORMAT, and the rules of that.
    const isOfSchema = formatVersion === '3.0' && bytes.length > 0
    if (isOfSchema) written.push(repaired.bytes)
    const tiers = annotations.tiers(recordingId)
    const top = tiers.find(tier => tier.stereotype === 'none' && tier.vocabularyId === null)
    if (!top) return
    const end = Math.max(0, ...annotations.list({ recordingId }).map(({ endMs }) => endMs))
    annotations.create({ tierId: top.id, startMs: end + 10, endMs: end + 500, value: 'new one' })
    annotations.renameTier({ tierId: top.id, name: `${top.name} renamed` })
    const own = annotations.list({ recordingId }).filter(({ tierId }) => tierId === top.id)
    if (own.length > 3 && own[1]) annotations.remove([own[1].id])
    const shown = () =>
      annotations
        .list({ recordingId })
        .map(
          one => `${tiers.findIndex(({ id }) => id === one.tierId)} ${one.startMs}-${one.endMs} ${one.value}`,
        )
    const expected = shown().sort()
    const edited = await save(recordingId)
    if (isOfSchema) written.push(edited.bytes)
    const again = await setup('again.eaf', edited.bytes)
    const back = await again.take()
    const backTiers = again.annotations.tiers(back.recordingId)
    const found = again.annotations
      .list({ recordingId: back.recordingId })
      .map(
        one =>
          `${backTiers.findIndex(({ id }) => id === one.tierId)} ${one.startMs}-${one.endMs} ${one.value}`,
      )
    expect(found.sort()).toEqual(expected)
    expect(backTiers.some(tier => tier.name === `${top.name} renamed`)).toBe(true)
  })
})

test.runIf(real.length)('everything written from repaired files is valid EAF 3.0', ({ skip }) => {
  if (!SCHEMA) return skip('Set SIGNWRIGHT_EAF_XSD to the path of EAFv3.0.xsd to check this with xmllint.')
  const dir = temporaryFolder()
  const files = written.map((_, at) => join(dir, `${at}.eaf`))
  files.forEach((file, at) => writeFileSync(file, written[at] as Uint8Array))
  const { status, stderr, error } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, ...files])
  if (error) throw error
  expect({
    status,
    told: stderr
      .toString()
      .split('\n')
      .filter(line => !line.endsWith(' validates')),
  }).toEqual({
    status: 0,
    told: [''],
  })
})
