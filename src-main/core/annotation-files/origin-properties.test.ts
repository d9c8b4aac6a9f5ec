import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AnnotationImport } from '#shared/contract/annotation-file.ts'
import { ModelId, type RecordingId } from '#shared/contract/ids.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import { readEaf } from '../../formats/eaf/eaf-document.ts'
import { eafToDocument } from '../../formats/eaf/eaf-to-document.ts'
import { EAF } from '../../formats/testing/eaf-fixture.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { createBulkService } from '../annotation/bulk/bulk.service.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createSuggestionService } from '../suggestion/suggestion.service.ts'
import { addClip, addRecording, testContext } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { createAnnotationFilesService } from './annotation-files.service.ts'
import { fileActs } from './file-acts.ts'
import type { ImportedFile } from './import-file.ts'

const bundle = {
  manifest: {
    name: 'Signs',
    version: '1.2',
    kind: 'sign2gpt',
    files: [{ path: 'a', sha256: 'b', bytes: 1 }],
  },
} as unknown as Bundle

function setup() {
  const dir = temporaryFolder()
  const context = testContext(undefined, join(dir, 'Test.signwright'))
  mkdirSync(context.dir)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const suggestions = createSuggestionService(context, { editing, annotations })
  const bulk = createBulkService(context, { editing })
  const files = createAnnotationFilesService(context, { bulk, acts: fileActs(context) })
  /** The first of two suggestions is accepted. */
  const acceptOne = (recordingId: RecordingId) => {
    const { mediaId } = addRecording(context.db, 'video')
    context.db.prepare('UPDATE media SET recording_id = ? WHERE id = ?').run(recordingId, mediaId)
    const clipId = addClip(context.db, { recordingId, mediaId }, { name: 'a', endMs: 2000 })
    const place = { clipId, clip: 'a', recordingId, score: 0.51239, mass: 0.8 }
    const segments = [
      { ...place, word: 'wind', startMs: 0, endMs: 160 },
      { ...place, word: 'regen', startMs: 160, endMs: 480 },
    ]
    const words = { kind: 'likeliest' } as const
    const search = { tier: 'Model', measure: 'E', threshold: 0.2, words } as const
    suggestions.put({
      bundle,
      modelId: ModelId.parse('signs'),
      ...search,
      clips: [{ clipId, recordingId, segments }],
    })
    const [made] = suggestions.accept(
      suggestions.list(recordingId).flatMap(({ id, value }) => (value === 'wind' ? [id] : [])),
    )
    if (!made) throw new Error('nothing accepted')
    return made
  }
  const write = async (recordingId: RecordingId, name: string) => {
    const file = join(dir, name)
    const request = { recordingId, file, withSentences: false, withHypotheses: false, overwrite: true }
    await files.export(request)
    return readFileSync(file)
  }
  const take = async (bytes: Uint8Array | string) => {
    const file = join(dir, 'taken.eaf')
    writeFileSync(file, bytes)
    let taken: ImportedFile | undefined
    await files.run(AnnotationImport.parse({ sources: [file] }), {
      signal: new AbortController().signal,
      onFile: ({ result }) => (taken = result as ImportedFile),
    })
    return taken as ImportedFile
  }
  return { context, annotations, acceptOne, write, take }
}

const propertiesOf = (bytes: Uint8Array) => eafToDocument(readEaf(bytes, 'out.eaf')).properties

test('an EAF says of an accepted annotation which model proposed it, as what, and nothing of open suggestions', async () => {
  const { context, annotations, acceptOne, write } = setup()
  const { recordingId } = addRecording(context.db)
  expect(propertiesOf(await write(recordingId, 'before.eaf'))).toEqual([])
  const made = acceptOne(recordingId)
  annotations.update({ annotationId: made.id, value: 'WIND1', endMs: 200 })

  const bytes = await write(recordingId, 'after.eaf')
  const [property, ...others] = propertiesOf(bytes)
  expect([property?.name, others]).toEqual(['signwright:proposed:1', []])
  expect(JSON.parse(property?.value ?? '')).toEqual({
    tier: 'Model',
    model: 'Signs',
    version: '1.2',
    weights: expect.stringMatching(/./),
    measure: 'E',
    threshold: 0.2,
    proposedAt: expect.stringMatching(/^2026-01-01T/),
    proposedBy: 'Ada',
    annotations: [
      {
        startMs: 0,
        endMs: 200,
        value: 'WIND1',
        score: 0.5124,
        as: { startMs: 0, endMs: 160, value: 'wind' },
      },
    ],
  })
  expect(bytes.toString()).not.toContain('regen')
})

test('a file that was read keeps its own properties, and gets each origin once', async () => {
  const { acceptOne, write, take } = setup()
  const { recordingId } = await take(EAF)
  const before = propertiesOf(await write(recordingId, 'before.eaf'))
  acceptOne(recordingId)
  const first = await write(recordingId, 'first.eaf')
  const after = propertiesOf(first)
  const kept = ({ name }: { name: string }) => name !== 'lastUsedAnnotationId'
  expect(after.filter(kept).slice(0, -1)).toEqual(before.filter(kept))
  expect(after.at(-1)?.name).toBe('signwright:proposed:1')
  expect(await write(recordingId, 'second.eaf')).toEqual(first)
})
