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

/** Set to the path of EAFv3.0.xsd, every export is also checked by xmllint. */
const SCHEMA = process.env['SIGNWRIGHT_EAF_XSD']

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
    return { preview, bytes: readFileSync(out), out }
  }
  return { context, editing, annotations, files, file, take, save }
}

const real = realFiles('.eaf', '.etf')

test.skipIf(real.length)('real EAF files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(real)('$name', ({ name, bytes }) => {
  test('is the same, byte for byte, after import and export without an edit', async () => {
    const { take, save, files, file } = await setup(basename(name), bytes)
    expect(AnnotationFilePreview.parse(await files.preview({ file, format: 'auto' })).file).toBe(file)
    const { recordingId } = await take()
    const { preview, bytes: written } = await save(recordingId)
    expect(preview).toMatchObject({ isOntoOriginal: true, edits: [], losses: [] })
    expect(written.equals(bytes)).toBe(true)
  })

  test('changes one value where one value is edited', async () => {
    const { take, save, annotations } = await setup(basename(name), bytes)
    const { recordingId } = await take()
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
    const { preview, bytes: written } = await save(recordingId)
    expect(preview.edits).toEqual(['1 changed text.'])
    const lines = (all: Uint8Array) => Buffer.from(all).toString().split('\n')
    const before = lines(bytes)
    expect(lines(written).filter((line, at) => line !== before[at])).toHaveLength(1)
  })

  test('is the repaired file, canonically, after import with repairs', async () => {
    const { take, save, files, file } = await setup(basename(name), bytes)
    const { defectCount } = await files.preview({ file, format: 'auto' })
    const { recordingId } = await take({ acceptRepairs: true })
    const { bytes: written, preview, out } = await save(recordingId)
    expect(preview.edits).toEqual([])
    if (defectCount === 0) expect(canonicalXml(written)).toEqual(canonicalXml(bytes))
    if (SCHEMA && written.length > 0) {
      const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', SCHEMA, out])
      expect({ status, stderr: status === 0 ? '' : stderr.toString().slice(0, 500) }).toEqual({
        status: 0,
        stderr: '',
      })
    }
  })

  test('adds, removes, moves and renames; what comes back in is what was there', async () => {
    const { take, save, annotations } = await setup(basename(name), bytes)
    const { recordingId } = await take({ acceptRepairs: true })
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
    const { bytes: written, out } = await save(recordingId)
    const again = await setup('again.eaf', written)
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
    if (SCHEMA)
      expect(spawnSync('xmllint', ['--noout', '--schema', SCHEMA, out]).stderr.toString()).toContain(
        'validates',
      )
  })
})
