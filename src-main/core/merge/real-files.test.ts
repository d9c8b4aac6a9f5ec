import { mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AnnotationExport, AnnotationImport } from '#shared/contract/annotation-file.ts'
import type { MergeSource } from '#shared/contract/merge.ts'
import { NO_REAL_FILES, realFiles } from '../../formats/testing/real-files.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { createBulkService } from '../annotation/bulk/bulk.service.ts'
import { createAnnotationFilesService } from '../annotation-files/annotation-files.service.ts'
import { fileActs } from '../annotation-files/file-acts.ts'
import type { ImportedFile } from '../annotation-files/import-file.ts'
import { createEditing } from '../edit/edit.service.ts'
import { testContext } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { createMergeService } from './merge.service.ts'

/** One annotator's corpus with the file in it. */
async function deskWith(name: string, bytes: Uint8Array) {
  const dir = temporaryFolder()
  const context = testContext(undefined, join(dir, 'Desk.signwright'))
  mkdirSync(context.dir)
  const file = join(dir, basename(name))
  writeFileSync(file, bytes)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const bulk = createBulkService(context, { editing })
  const files = createAnnotationFilesService(context, { bulk, acts: fileActs(context) })
  let taken: ImportedFile | undefined
  await files.run(AnnotationImport.parse({ sources: [file], acceptRepairs: true }), {
    signal: new AbortController().signal,
    onFile: ({ result }) => (taken = result as ImportedFile),
  })
  const { recordingId } = taken as ImportedFile
  const list = () => annotations.list({ recordingId })
  /** Those that any text may be written on. */
  const free = () => {
    const tiers = annotations.tiers(recordingId).filter(({ vocabularyId }) => vocabularyId === null)
    return list().filter(({ tierId }) => tiers.some(({ id }) => id === tierId))
  }
  const save = async () => {
    const out = join(dir, 'edited.eaf')
    await files.export(AnnotationExport.parse({ recordingId, file: out, overwrite: true }))
    return out
  }
  return {
    recordingId,
    annotations,
    editing,
    merge: createMergeService(context, { editing }),
    list,
    free,
    save,
  }
}

const real = realFiles('.eaf').filter(({ bytes }) => bytes.length > 0 && bytes.length < 2_000_000)

test.skipIf(real.length)('real EAF files', ({ skip }) => skip(NO_REAL_FILES))

describe.each(real)('$name, given to two annotators', ({ name, bytes }) => {
  test('their work is joined, and only what both changed is asked', async ({ skip }) => {
    const [ours, theirs] = [await deskWith(name, bytes), await deskWith(name, bytes)]
    const all = ours.free()
    if (all.length < 3) return skip('It has too few annotations to work on.')
    const [mine, , both] = [all[0]!, all[1]!, all.at(-1)!]
    const texts = new Map(ours.list().map(({ id, value }) => [id, value]))
    const same = theirs.free()
    ours.annotations.update({ annotationId: mine.id, value: 'changed here' })
    ours.annotations.update({ annotationId: both.id, value: 'both: here' })
    theirs.annotations.update({ annotationId: same[1]!.id, value: 'changed there' })
    theirs.annotations.update({ annotationId: same.at(-1)!.id, value: 'both: there' })
    const source: MergeSource = {
      recordingId: ours.recordingId,
      theirs: await theirs.save(),
      base: { kind: 'auto' },
    }

    const { token, conflicts, base } = await ours.merge.preview(source)
    expect({ base, asked: conflicts.map(({ kind, theirs: item }) => [kind, item?.value]) }).toEqual({
      base: 'import',
      asked: [['changed', 'both: there']],
    })
    const resolutions = conflicts.map(({ id }) => ({ id, choice: 'theirs' as const }))
    const counts = await ours.merge.apply({ source, token, resolutions })
    expect(counts).toEqual({ added: 0, changed: 2, removed: 0 })
    texts.set(mine.id, 'changed here').set(all[1]!.id, 'changed there').set(both.id, 'both: there')
    expect(new Map(ours.list().map(({ id, value }) => [id, value]))).toEqual(texts)
    ours.editing.undo()
    expect(ours.list().find(({ id }) => id === all[1]!.id)?.value).toBe(all[1]!.value)
  })
})
