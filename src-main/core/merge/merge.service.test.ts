import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { ClipId, ReferenceId, TierId } from '#shared/contract/ids.ts'
import type { MergeSource } from '#shared/contract/merge.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import type { WriteDb } from '../../db/types.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { corpusPaths } from '../corpus/folder.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { addClip, addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { createMergeService } from './merge.service.ts'

const made: string[] = []
const open: WriteDb[] = []
afterEach(() => {
  for (const db of open.splice(0)) db.close()
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'signwright-merge-'))
  made.push(dir)
  return dir
}

function deskAt(dir: string) {
  const db = openDatabase(corpusPaths(dir).database, { create: true })
  open.push(db)
  migrate(db)
  const context = testContext(db, dir)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const merge = createMergeService(context, { editing })
  const references = createReferenceService(context, { editing })
  const texts = () =>
    db
      .prepare(`SELECT tier.name, start_ms, end_ms, value FROM annotation JOIN tier ON tier.id = tier_id
                ORDER BY tier.name, start_ms`)
      .raw()
      .all()
  return { dir, db, context, editing, annotations, references, merge, texts }
}

/** Two copies of a corpus that part after two annotations and a dependent one. */
async function twoCopies(prepare: (desk: ReturnType<typeof deskAt>) => void = () => {}) {
  const root = folder()
  const [dir, otherDir] = ['Ours.signwright', 'Theirs.signwright'].map(name => join(root, name)) as [
    string,
    string,
  ]
  for (const each of [dir, otherDir]) mkdirSync(each)
  const ours = deskAt(dir)
  const recording = addRecording(ours.db)
  const { recordingId } = recording
  addClip(ours.db, recording, { name: 'c1' })
  const tier = ours.annotations.createTier({
    recordingId,
    name: 'Gloss',
    stereotype: 'none',
    parentId: null,
  } as never)
  const below = ours.annotations.createTier({
    recordingId,
    name: 'Note',
    stereotype: 'included-in',
    parentId: tier.id,
  } as never)
  const add = (desk: typeof ours, startMs: number, value: string, tierId: TierId = tier.id) =>
    desk.annotations.create({ tierId, startMs, endMs: startMs + 100, value })
  const [a, b] = [add(ours, 0, 'A'), add(ours, 200, 'B')]
  prepare(ours)
  await ours.db.backup(corpusPaths(otherDir).database)
  const theirs = deskAt(otherDir)
  const source: MergeSource = { recordingId, theirs: otherDir, base: { kind: 'auto' } }
  return { ours, theirs, tier, below, add, a, b, source }
}

test('two copies that part are joined without a question where they worked on different things, as one edit', async () => {
  const { ours, theirs, add, a, b, below, source } = await twoCopies()
  ours.annotations.update({ annotationId: a.id, value: 'A here' })
  add(ours, 400, 'here')
  theirs.annotations.update({ annotationId: b.id, value: 'B there' })
  const parent = add(theirs, 600, 'there')
  theirs.annotations.create({ tierId: below.id, startMs: 610, endMs: 650, value: 'below' })
  theirs.annotations.createTier({
    recordingId: source.recordingId,
    name: 'New',
    stereotype: 'none',
    parentId: null,
  } as never)
  expect(parent.id).toBe(3)

  const preview = await ours.merge.preview(source)
  expect(preview).toMatchObject({ base: 'log', conflicts: [], onlyHere: [] })
  expect(preview.tiers).toEqual([
    { tier: 'Gloss', added: 1, changed: 1, removed: 0, isNew: false },
    { tier: 'Note', added: 1, changed: 0, removed: 0, isNew: false },
    { tier: 'New', added: 0, changed: 0, removed: 0, isNew: true },
  ])
  const before = contentOf(ours.db)
  await ours.merge.apply({ source, token: preview.token, resolutions: [] })
  expect(ours.texts()).toEqual([
    ['Gloss', 0, 100, 'A here'],
    ['Gloss', 200, 300, 'B there'],
    ['Gloss', 400, 500, 'here'],
    ['Gloss', 600, 700, 'there'],
    ['Note', 610, 650, 'below'],
  ])
  const again = await ours.merge.preview(source)
  expect(again.tiers.map(({ added, changed, removed }) => added + changed + removed)).toEqual([0, 0, 0])
  ours.editing.undo()
  expect(contentOf(ours.db)).toEqual(before)
})

test('questions are answered or nothing is merged; answers of an older state are refused', async () => {
  const { ours, theirs, a, b, source } = await twoCopies()
  ours.annotations.update({ annotationId: a.id, value: 'HIER' })
  theirs.annotations.update({ annotationId: a.id, value: 'DORT' })
  theirs.annotations.remove([b.id])
  const { token, conflicts } = await ours.merge.preview(source)
  expect(conflicts).toMatchObject([
    {
      kind: 'changed',
      tier: 'Gloss',
      base: { value: 'A' },
      ours: [{ value: 'HIER' }],
      theirs: { value: 'DORT' },
      both: { value: 'HIER / DORT' },
    },
  ])
  const before = ours.texts()
  await expect(ours.merge.apply({ source, token, resolutions: [] })).rejects.toMatchObject({
    code: 'invalid-input',
  })
  const resolutions = [{ id: conflicts[0]?.id ?? '', choice: 'theirs' as const }]
  ours.annotations.update({ annotationId: a.id, value: 'HIER2' })
  await expect(ours.merge.apply({ source, token, resolutions })).rejects.toMatchObject({ code: 'conflict' })
  ours.editing.undo()
  expect(ours.texts()).toEqual(before)
  await ours.merge.apply({ source, token, resolutions })
  expect(ours.texts()).toEqual([['Gloss', 0, 100, 'DORT']])
})

test('corrected references are merged as well, and asked where both corrected one', async () => {
  const { ours, theirs, source } = await twoCopies(desk => {
    const { id } = desk.db.prepare('SELECT id FROM clip').get() as { id: ClipId }
    for (const text of ['eins', 'zwei', 'drei']) desk.references.save({ clipId: id, text })
  })
  const clipId = (ours.db.prepare('SELECT id FROM clip').get() as { id: ClipId }).id
  const say = (desk: typeof ours, id: number, text: string) =>
    desk.references.save({ clipId, referenceId: id as ReferenceId, text })
  const texts = () => ours.db.prepare('SELECT text FROM reference ORDER BY ordinal').pluck().all()
  say(ours, 1, 'eins hier')
  say(theirs, 2, 'zwei dort')
  say(ours, 3, 'drei hier')
  say(theirs, 3, 'drei dort')
  theirs.references.save({ clipId, text: 'vier' })
  const { token, conflicts, tiers } = await ours.merge.preview(source)
  expect(tiers).toContainEqual({ tier: 'References', added: 0, changed: 1, removed: 0, isNew: false })
  expect(conflicts.map(({ kind, tier, both }) => [kind, tier, both?.value])).toEqual([
    ['changed', 'References', 'drei hier / drei dort'],
  ])
  const before = contentOf(ours.db)
  const resolutions = [{ id: conflicts[0]?.id ?? '', choice: 'theirs' as const }]
  await ours.merge.apply({ source, token, resolutions })
  expect(texts()).toEqual(['eins hier', 'zwei dort', 'drei dort'])
  expect(ours.annotations.tiers(source.recordingId).map(({ name }) => name)).not.toContain('References')
  ours.editing.undo()
  expect(contentOf(ours.db)).toEqual(before)
})

test('an annotation that both copies took the same number for is two annotations', async () => {
  const { ours, theirs, add, source } = await twoCopies()
  const [here, there] = [add(ours, 400, 'here'), add(theirs, 800, 'there')]
  expect(here.id).toBe(there.id)
  const { token } = await ours.merge.preview(source)
  await ours.merge.apply({ source, token, resolutions: [] })
  expect(ours.texts().slice(2)).toEqual([
    ['Gloss', 400, 500, 'here'],
    ['Gloss', 800, 900, 'there'],
  ])
})

test('what an undo took back before the copies parted is no work of theirs', async () => {
  const { ours, theirs, a, source } = await twoCopies()
  theirs.annotations.update({ annotationId: a.id, value: 'tried' })
  theirs.editing.undo()
  const { conflicts, tiers } = await ours.merge.preview(source)
  expect([conflicts, tiers.every(({ changed }) => changed === 0)]).toEqual([[], true])
})

test('a table of annotations is merged onto the state of a date', async () => {
  const { ours, add, a, source } = await twoCopies()
  const at = ours.context.now()
  ours.annotations.update({ annotationId: a.id, value: 'A here' })
  const file = join(folder(), 'copy.tsv')
  writeFileSync(
    file,
    'tier\tstart_ms\tend_ms\tvalue\nGloss\t0\t100\tA\nGloss\t200\t300\tB there\nGloss\t900\t950\tnew\n',
  )
  add(ours, 400, 'here')
  const fromFile: MergeSource = { ...source, theirs: file, base: { kind: 'date', at } }
  const { token, base, conflicts, onlyHere } = await ours.merge.preview(fromFile)
  expect({ base, conflicts, onlyHere }).toEqual({ base: 'date', conflicts: [], onlyHere: ['Note'] })
  await ours.merge.apply({ source: fromFile, token, resolutions: [] })
  expect(ours.texts()).toEqual([
    ['Gloss', 0, 100, 'A here'],
    ['Gloss', 200, 300, 'B there'],
    ['Gloss', 400, 500, 'here'],
    ['Gloss', 900, 950, 'new'],
  ])
})
