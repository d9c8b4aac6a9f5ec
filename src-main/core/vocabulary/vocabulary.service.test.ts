import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Vocabulary, VocabularyEntry } from '#shared/contract/vocabulary.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { createAnnotationService } from '../annotation/annotation.service.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addRecording, contentOf, testContext } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { createVocabularyService } from './vocabulary.service.ts'

const value = (text: string, language = '') => ({ language, value: text, description: '' })

function setup() {
  const context = testContext(undefined, temporaryFolder())
  const { recordingId } = addRecording(context.db)
  const editing = createEditing(context)
  const annotations = createAnnotationService(context, { editing })
  const vocabularies = createVocabularyService(context, { editing })
  const hands = vocabularies.create({ name: 'Hands', isFree: false, externalUrl: '' })
  const add = (...values: ReturnType<typeof value>[]) =>
    vocabularies.addEntry({ vocabularyId: hands.id, values })
  const type = annotations.createType({ name: 'hand', stereotype: 'none', vocabularyId: hands.id })
  const tier = (name: string, language = ''): TierId =>
    annotations.createTier({
      recordingId,
      name,
      typeId: type.id,
      stereotype: 'none',
      parentId: null,
      language,
    }).id
  const values = () => annotations.list({ recordingId }).map(one => [one.value, one.entryId])
  return { context, editing, annotations, vocabularies, hands, add, type, tier, values, recordingId }
}

test('a tier takes only entries of its vocabulary, unless that is free', () => {
  const { annotations, vocabularies, hands, add, tier, values } = setup()
  const left = add(value('left'))
  const hand = tier('Hand')
  const made = annotations.create({ tierId: hand, startMs: 0, endMs: 10, value: 'left' })
  expect(made.entryId).toBe(left.id)
  const foot = () => annotations.create({ tierId: hand, startMs: 10, endMs: 20, value: 'foot' })
  expect(foot).toThrow('“foot” is no entry of the vocabulary “Hands”')
  expect(() => annotations.update({ annotationId: made.id, value: 'foot' })).toThrow('no entry')
  expect(
    Vocabulary.parse(vocabularies.update({ vocabularyId: hands.id, changes: { isFree: true } })).isFree,
  ).toBe(true)
  foot()
  expect(values()).toEqual([
    ['left', left.id],
    ['foot', null],
  ])
})

test('renaming an entry renames every annotation that stands for it, in the language of its tier', () => {
  const { annotations, vocabularies, add, tier, values, editing, context } = setup()
  const left = VocabularyEntry.parse(add(value('links', 'deu'), value('left', 'eng')))
  for (const [name, language] of [
    ['German', 'deu'],
    ['English', 'eng'],
  ] as const)
    annotations.create({ tierId: tier(name, language), startMs: 0, endMs: 10, value: '', entryId: left.id })
  expect(values().map(([text]) => text)).toEqual(['links', 'left'])
  const before = contentOf(context.db)
  vocabularies.updateEntry({
    entryId: left.id,
    values: [value('linke Hand', 'deu'), value('left hand', 'eng')],
  })
  expect(values().map(([text]) => text)).toEqual(['linke Hand', 'left hand'])
  editing.undo()
  expect(contentOf(context.db)).toEqual(before)
})

test('a removed entry leaves its text; a vocabulary in use and a type with tiers stay', () => {
  const { annotations, vocabularies, hands, add, tier, type, values, editing } = setup()
  const left = add(value('left'))
  annotations.create({ tierId: tier('Hand'), startMs: 0, endMs: 10, value: 'left' })
  vocabularies.removeEntry(left.id)
  expect(values()).toEqual([['left', null]])
  editing.undo()
  expect(values()).toEqual([['left', left.id]])
  expect(() => vocabularies.remove(hands.id)).toThrow('The tier types “hand”')
  expect(() => annotations.removeType(type.id)).toThrow('A tier is of the type “hand”')
})

test('a type gets another vocabulary only if the values of its tiers are entries of it', () => {
  const { annotations, vocabularies, add, tier, type, values } = setup()
  add(value('left'))
  annotations.create({ tierId: tier('Hand'), startMs: 0, endMs: 10, value: 'left' })
  const sides = vocabularies.create({ name: 'Sides', isFree: false, externalUrl: '' })
  vocabularies.addEntry({ vocabularyId: sides.id, values: [value('right')] })
  const change = () => annotations.updateType({ typeId: type.id, changes: { vocabularyId: sides.id } })
  expect(change).toThrow('would be no entries of the vocabulary: “left”')
  const entry = vocabularies.addEntry({ vocabularyId: sides.id, values: [value('left')], at: 0 })
  change()
  expect(values()).toEqual([['left', entry.id]])
  expect(vocabularies.entries(sides.id).map(({ values: [first] }) => first?.value)).toEqual(['left', 'right'])
})

test('texts without an entry are reported, and become tokens of one by one undo', () => {
  const { vocabularies, annotations, editing, recordingId, context } = setup()
  const lexicon = vocabularies.create({ name: 'Signs', isFree: true, externalUrl: '' })
  const sun = vocabularies.addEntry({ vocabularyId: lexicon.id, values: [value('SUN')] })
  const type = annotations.createType({ name: 'signs', stereotype: 'none', vocabularyId: lexicon.id })
  const tier = annotations.createTier({
    recordingId,
    name: 'Signs',
    typeId: type.id,
    stereotype: 'none',
    parentId: null,
  })
  ;['SUN', 'WIND', 'WIND', 'RAIN', ''].forEach((text, n) =>
    annotations.create({ tierId: tier.id, startMs: n * 100, endMs: n * 100 + 90, value: text }),
  )
  // As from a file that names no entries.
  context.db.exec(`UPDATE annotation SET entry_id = NULL`)
  const report = () => vocabularies.unmatched(lexicon.id)
  expect(report()).toEqual({
    texts: [
      { text: 'WIND', annotations: 2, recordings: 1, entryId: null },
      { text: 'RAIN', annotations: 1, recordings: 1, entryId: null },
      { text: 'SUN', annotations: 1, recordings: 1, entryId: sun.id },
    ],
    total: 3,
    annotations: 4,
  })

  const wind = vocabularies.match({ vocabularyId: lexicon.id, text: 'WIND' })
  expect([wind.annotations, wind.entry.values]).toEqual([2, [value('WIND')]])
  expect(vocabularies.match({ vocabularyId: lexicon.id, text: 'SUN' }).entry.id).toBe(sun.id)
  expect(report().texts.map(({ text }) => text)).toEqual(['RAIN'])
  expect(() => vocabularies.match({ vocabularyId: lexicon.id, text: 'SUN' })).toThrow('by now')

  editing.undo()
  editing.undo()
  expect(report().annotations).toBe(4)
  expect(vocabularies.entries(lexicon.id).map(({ id }) => id)).toEqual([sun.id])
})

const ECV = `<?xml version="1.0" encoding="UTF-8"?>
<CV_RESOURCE AUTHOR="" DATE="2026-01-01T00:00:00Z" VERSION="0.2">
  <LANGUAGE LANG_ID="und" LANG_LABEL="undetermined"/>
  <CONTROLLED_VOCABULARY CV_ID="Lexicon"><DESCRIPTION LANG_REF="und"/>
    <CV_ENTRY_ML CVE_ID="e1"><CVE_VALUE LANG_REF="und" DESCRIPTION="">SUN</CVE_VALUE></CV_ENTRY_ML>
    <CV_ENTRY_ML CVE_ID="e2"><CVE_VALUE LANG_REF="und" DESCRIPTION="">RAIN</CVE_VALUE></CV_ENTRY_ML>
  </CONTROLLED_VOCABULARY>
</CV_RESOURCE>`

test('an external vocabulary is fetched when asked for, and its new names reach the tokens', async () => {
  const { vocabularies, annotations, values, recordingId, context } = setup()
  let text = ECV
  const server = createServer((_request, response) => response.end(text)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const externalUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/lexicon.ecv`
  const lexicon = vocabularies.create({ name: 'Lexicon', isFree: false, externalUrl })
  const type = annotations.createType({ name: 'sign', stereotype: 'none', vocabularyId: lexicon.id })
  const tier = annotations.createTier({
    recordingId,
    name: 'Sign',
    typeId: type.id,
    stereotype: 'none',
    parentId: null,
  })
  expect(vocabularies.entries(lexicon.id)).toEqual([])

  const fetched = await vocabularies.fetchExternal(lexicon.id)

  expect(fetched).toMatchObject({ entryCount: 2, fetchedAt: expect.any(Number) })
  annotations.create({ tierId: tier.id, startMs: 0, endMs: 10, value: 'SUN' })
  text = ECV.replace('>SUN<', '>SUNSHINE<')
  await vocabularies.fetchExternal(lexicon.id)
  expect(values().map(([word]) => word)).toEqual(['SUNSHINE'])
  server.close()
  const gone = vocabularies.create({ name: 'Gone', isFree: false, externalUrl: 'http://127.0.0.1:1/x.ecv' })
  await expect(vocabularies.fetchExternal(gone.id)).rejects.toThrow('cannot be read')
  mkdirSync(join(context.dir, 'elsewhere'))
  writeFileSync(join(context.dir, 'elsewhere', 'a.ecv'), ECV.replace('Lexicon', 'Other'))
  const read = await vocabularies.importFile(join(context.dir, 'elsewhere', 'a.ecv'))
  expect(read.map(({ name, entryCount }) => [name, entryCount])).toEqual([['Other', 2]])
})

test('key and colour of an entry are an edit, and stay when its text changes', () => {
  const { editing, vocabularies, hands, add } = setup()
  const { id, look } = add(value('left'))
  expect(look).toBeNull()

  const chosen = { key: 'l', colour: 'warn' as const }
  vocabularies.setLook({ entryId: id, look: chosen })
  vocabularies.updateEntry({ entryId: id, values: [value('LEFT')] })

  const entries = () => vocabularies.entries(hands.id).map(each => VocabularyEntry.parse(each).look)
  expect(entries()).toEqual([chosen])
  editing.undo()
  expect(editing.state().undo?.label).toBe('Change key and colour of left in Hands')
  editing.undo()
  expect(entries()).toEqual([null])
})
