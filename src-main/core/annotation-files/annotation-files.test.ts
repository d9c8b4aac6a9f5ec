import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TierId } from '#shared/contract/ids.ts'
import { EAF } from '../../formats/testing/eaf-fixture.ts'
import { addVideo, removeFoldersAfterAll } from '../import/testing/videos.ts'
import { fileDesk } from './testing/file-desk.ts'

removeFoldersAfterAll()

/** Two sentences on a video of two seconds, a translation below each, a type that no tier has, a sound file. */
const SENTENCES = `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2024-05-31T12:00:00+02:00" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds">
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///gone/talk.wav" MIME_TYPE="audio/x-wav" RELATIVE_MEDIA_URL="./talk.wav"/>
        <MEDIA_DESCRIPTOR MEDIA_URL="file:///gone/talk.mp4" MIME_TYPE="video/mp4" RELATIVE_MEDIA_URL="./talk.mp4"/>
    </HEADER>
    <TIME_ORDER>
        <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="200"/>
        <TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="800"/>
        <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="1000"/>
        <TIME_SLOT TIME_SLOT_ID="ts4" TIME_VALUE="1600"/>
    </TIME_ORDER>
    <TIER LINGUISTIC_TYPE_REF="sentence" TIER_ID="Said">
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
                <ANNOTATION_VALUE>first</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
                <ANNOTATION_VALUE>second</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <TIER LINGUISTIC_TYPE_REF="translation" PARENT_REF="Said" TIER_ID="English">
        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1">
                <ANNOTATION_VALUE>one</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>
    </TIER>
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="sentence" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="translation" TIME_ALIGNABLE="false"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Included_In" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="mouth action" TIME_ALIGNABLE="true"/>
    <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" STEREOTYPE="Symbolic_Association"/>
    <CONSTRAINT DESCRIPTION="Time alignable annotations within the parent annotation's time interval, gaps are allowed" STEREOTYPE="Included_In"/>
</ANNOTATION_DOCUMENT>
`

async function withSentences() {
  const desk = await fileDesk()
  await addVideo(join(desk.dir, 'talk.mp4'))
  const { recordingId } = await desk.take(desk.place('talk.eaf', SENTENCES), { sentenceTier: 'Said' })
  const { api } = desk
  const clips = async () => {
    const found = (await api.clip.list({})).rows
    const details = await Promise.all(found.map(({ id }) => api.clip.get({ clipId: id })))
    return details
      .map(each => `${each.startMs}–${each.endMs} ${each.references.map(({ text }) => text).join(' | ')}`)
      .sort((a, b) => Number.parseInt(a) - Number.parseInt(b))
  }
  const [said] = await api.annotation.tiers({ recordingId })
  const sentence = async (value: string) => {
    const found = (await api.annotation.list({ recordingId })).find(one => one.value === value)
    if (!found) throw new Error(`There is no “${value}”.`)
    return found
  }
  return { ...desk, recordingId, clips, sentence, saidId: said?.id as TierId }
}

test('a tier of sentences and its clips are the same sentences, whichever of them is edited', async () => {
  const { api, core, recordingId, rows, clips, sentence } = await withSentences()
  const before = { rows: await rows(recordingId), clips: await clips() }
  expect(before).toEqual({
    rows: ['Said 200–800 first', 'Said 1000–1600 second', 'English 200–800 one'],
    clips: ['200–800 first', '1000–1600 second'],
  })

  const { id } = await sentence('first')
  await api.annotation.update({ annotationId: id, startMs: 120, value: 'first, better' })
  expect(await clips()).toEqual(['120–800 first, better', '1000–1600 second'])
  await api.edit.undo()
  expect({ rows: await rows(recordingId), clips: await clips() }).toEqual(before)

  const second = (await api.clip.list({})).rows[1]
  const detail = await api.clip.get({ clipId: second!.id })
  const reference = detail.references[0]!
  await api.reference.save({ clipId: detail.id, referenceId: reference.id, text: 'second, better' })
  expect((await sentence('second, better')).startMs).toBe(1000)
  await api.reference.remove({ referenceId: reference.id })
  expect(await rows(recordingId)).toContain('Said 1000–1600 ')
  await core.close()
})

test('sentences stay on the time line while their video moves, and their clips are other frames of it', async () => {
  const { api, core, recordingId, rows, clips } = await withSentences()
  const before = { rows: await rows(recordingId), clips: await clips() }
  const { id: clipId, mediaId, firstFrame } = await api.clip.get({ clipId: (await api.clip.ids({}))[0]! })
  const { fps } = await api.media.get({ mediaId })

  await api.media.setOffset({ mediaId, offsetMs: -120 })
  expect({ rows: await rows(recordingId), clips: await clips() }).toEqual(before)
  expect((await api.clip.get({ clipId })).firstFrame).toBe(firstFrame - (120 * fps) / 1000)
  await api.edit.undo()
  expect((await api.clip.get({ clipId })).firstFrame).toBe(firstFrame)

  await expect(api.media.setOffset({ mediaId, offsetMs: -1000 })).rejects.toMatchObject({
    code: 'invalid-input',
  })
  expect((await api.media.get({ mediaId })).offsetMs).toBe(0)
  await core.close()
})

test('a sentence that is made, removed or split on the tier is a clip that is made, removed or split', async () => {
  const { api, core, recordingId, clips, sentence, saidId } = await withSentences()
  await api.annotation.create({ tierId: saidId, startMs: 1700, endMs: 1900, value: 'third' })
  expect(await clips()).toEqual(['200–800 first', '1000–1600 second', '1700–1900 third'])
  await api.annotation.remove({ annotationIds: [(await sentence('second')).id] })
  expect(await clips()).toEqual(['200–800 first', '1700–1900 third'])
  await api.edit.undo()
  expect(await clips()).toEqual(['200–800 first', '1000–1600 second', '1700–1900 third'])
  await api.annotation.removeTier({ tierId: saidId })
  expect(await clips()).toEqual(['200–800 first', '1000–1600 second', '1700–1900 third'])
  expect((await api.annotation.tiers({ recordingId })).map(({ isSentenceView }) => isSentenceView)).toEqual([
    true,
  ])
  await core.close()
})

test('types that no tier has come in; a sound file is no video and not missed', async () => {
  const { api, core, dir } = await withSentences()
  const types = await api.annotation.types()
  expect(types.map(({ name, stereotype, tiers }) => [name, stereotype, tiers])).toContainEqual([
    'mouth action',
    'included-in',
    0,
  ])
  const preview = await api.annotationFile.preview({ file: join(dir, 'talk.eaf') })
  expect(preview.media.map(({ kind, path }) => [kind, path !== null])).toEqual([
    ['sound', false],
    ['video', true],
  ])
  const [file] = await api.annotationFile.list({})
  expect(file?.missingMedia).toEqual([])
  await core.close()
})

test('exports the tiers that were chosen, in EAF with what they hang on', async () => {
  const { api, core, dir, recordingId } = await withSentences()
  const english = (await api.annotation.tiers({ recordingId })).find(({ name }) => name === 'English')!
  const write = async (name: string, tierIds: TierId[]) => {
    const request = { recordingId, file: join(dir, name), tierIds }
    const { tiers, edits } = await api.annotationFile.previewExport(request)
    await api.annotationFile.export(request)
    return { tiers, edits, text: readFileSync(join(dir, name), 'utf8') }
  }
  const eaf = await write('english.eaf', [english.id])
  expect(eaf).toEqual({ tiers: 2, edits: [], text: SENTENCES })
  const srt = await write('english.srt', [english.id])
  expect(srt.text).toBe('1\n00:00:00,200 --> 00:00:00,800\none\n')
  const said = (await api.annotation.tiers({ recordingId })).find(({ name }) => name === 'Said')!
  const less = await write('said.eaf', [said.id])
  expect(less.edits).toEqual(['1 tier left out.'])
  expect([less.text.includes('English'), less.text.includes('second')]).toEqual([false, true])
  await core.close()
})

test('what a file holds is told before what is wrong with it, and both say the same as the import', async () => {
  const { api, core, place, take } = await fileDesk()
  const broken = SENTENCES.replace('ANNOTATION_REF="a1"', 'ANNOTATION_REF="a9"')
  const file = place('broken.eaf', broken)
  const { tiers } = await api.annotationFile.preview({ file })
  expect(tiers.map(({ name, annotations, sample }) => [name, annotations, sample])).toEqual([
    ['Said', 2, 'first'],
    ['English', 1, 'one'],
  ])
  const check = await api.annotationFile.check({ file })
  expect(check.defects.map(({ code, isMendable }) => [code, isMendable])).toEqual([
    ['missing-annotation', true],
  ])
  expect((await take(file, { acceptRepairs: true })).isRepaired).toBe(true)
  await core.close()
})

test('tiers and types of an ELAN template are made, what is there stays, and one undo takes all back', async () => {
  const { api, core, place, take, rows } = await fileDesk()
  const { recordingId } = await take(place('plain.srt', '1\n00:00:00,200 --> 00:00:00,800\none\n'))
  const file = place('template.etf', EAF)
  const before = await rows(recordingId)
  const outcome = await api.annotation.applyTemplate({ recordingId, file })
  const names = async () => (await api.annotation.tiers({ recordingId })).map(({ name }) => name)
  expect(await names()).toEqual(expect.arrayContaining(['Sentence ', 'Word', 'Part', 'Gloss']))
  expect(outcome.skipped).toEqual([])
  const gloss = (await api.annotation.tiers({ recordingId })).find(({ name }) => name === 'Gloss')
  expect([gloss?.stereotype, gloss?.vocabularyId !== null]).toEqual(['symbolic-association', true])
  expect(await rows(recordingId)).toEqual(before)
  const again = await api.annotation.applyTemplate({ recordingId, file })
  expect(again.skipped.map(({ count }) => count).reduce((sum, n) => sum + n, 0)).toBe(4)
  await api.edit.undo()
  expect(await names()).not.toContain('Gloss')
  await core.close()
})

test('clips that are on no tier are edited on the sentence tier, and undone', async () => {
  const { api, core, dir } = await fileDesk()
  mkdirSync(join(dir, 'videos'))
  await addVideo(join(dir, 'videos', 'talk.mp4'))
  await core.settled((await api.importing.start({ source: join(dir, 'videos') })).id, () => {})
  const [recording] = await api.recording.list()
  const recordingId = recording!.id
  const [view] = await api.annotation.tiers({ recordingId })
  expect(view?.isSentenceView).toBe(true)
  const values = async () =>
    (await api.annotation.list({ recordingId })).map(({ startMs, endMs, value }) => [startMs, endMs, value])
  expect(await values()).toEqual([[0, 2000, '']])
  const [whole] = await api.annotation.list({ recordingId })
  await api.annotation.update({ annotationId: whole!.id, endMs: 1000, value: 'said' })
  await api.annotation.create({ tierId: view!.id, startMs: 1200, endMs: 1600, value: 'more' })
  expect(await values()).toEqual([
    [0, 1000, 'said'],
    [1200, 1600, 'more'],
  ])
  const added = (await api.annotation.list({ recordingId }))[1]!
  await api.annotation.remove({ annotationIds: [added.id] })
  expect(await values()).toEqual([[0, 1000, 'said']])
  await api.edit.undo()
  expect(await values()).toHaveLength(2)
  await core.close()
})
