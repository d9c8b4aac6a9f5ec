import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { convertAnnotations } from '../../formats/convert.ts'
import { CHAT } from '../../formats/testing/chat-fixture.ts'
import { EAF } from '../../formats/testing/eaf-fixture.ts'
import { addVideo, removeFoldersAfterAll } from '../import/testing/videos.ts'
import { fileDesk } from './testing/file-desk.ts'

removeFoldersAfterAll()

const TEXTGRID = `File type = "ooTextFile"
Object class = "TextGrid"

0
2
<exists>
1
"IntervalTier"
"words"
0
2
2
0
1
"one"
1
2
"two"
`

const FLEXTEXT = `<document version="2"><interlinear-text><paragraphs><paragraph><phrases>
  <phrase begin-time-offset="0" end-time-offset="1000" speaker="A"><item type="txt" lang="en">one</item><words/></phrase>
  <phrase begin-time-offset="1000" end-time-offset="2000" speaker="A"><item type="txt" lang="en">two</item><words/></phrase>
</phrases></paragraph></paragraphs></interlinear-text></document>`

test.each([
  ['a.srt', '1\n00:00:00,000 --> 00:00:01,000\none\n\n2\n00:00:01,000 --> 00:00:02,000\ntwo\n'],
  ['a.vtt', 'WEBVTT\n\n00:00.000 --> 00:01.000\none\n\n00:01.000 --> 00:02.000\ntwo\n'],
  ['a.TextGrid', TEXTGRID],
  ['a.cha', `@Begin\n*A:\tone \u00150_1000\u0015\n*A:\ttwo \u00151000_2000\u0015\n@End\n`],
  ['a.flextext', FLEXTEXT],
  ['utf16.TextGrid', Buffer.from(`\uFEFF${TEXTGRID}`, 'utf16le')],
])('%s becomes a tier of the recording that was chosen', async (name, content) => {
  const { api, core, dir, place, take, rows } = await fileDesk()
  mkdirSync(join(dir, 'videos'))
  await addVideo(join(dir, 'videos', 'talk.mp4'))
  await core.settled((await api.importing.start({ source: join(dir, 'videos') })).id, () => {})
  const [recording] = await api.recording.list()
  await take(place(name, content), { recordingId: recording!.id })
  const own = (await rows(recording!.id)).filter(row => !row.startsWith('Sentences'))
  expect(own.map(row => row.slice(row.indexOf(' ', row.lastIndexOf('–') - 6) + 1))).toEqual([
    '0–1000 one',
    '1000–2000 two',
  ])
  await core.close()
})

test('a CHAT transcript finds its video by the name without an ending, and goes out with what belongs together', async () => {
  const { api, core, dir, place, take } = await fileDesk()
  await addVideo(join(dir, 'talk.mp4'))
  const { recordingId, missingMedia } = await take(place('talk.cha', CHAT.replace('session 1', 'talk')))
  expect([missingMedia, (await api.clip.list({})).rows.map(({ name }) => name)]).toEqual([[], ['talk']])
  const gloss = (await api.annotation.tiers({ recordingId })).find(({ name }) => name === '%gls@S01')
  const request = { recordingId, file: join(dir, 'out.cha'), tierIds: [gloss!.id] }
  const preview = await api.annotationFile.previewExport(request)
  expect(preview.losses.map(({ code }) => code)).toEqual(['ids'])
  await api.annotationFile.export(request)
  expect(readFileSync(join(dir, 'out.cha'), 'utf8').split('\n').slice(2, -2)).toEqual([
    '@Languages:\tase',
    '@Participants:\tS01 Ada Participant',
    '@ID:\tase|corpus|S01|||||Participant|||',
    '@Media:\ttalk, video',
    '*S01:\tIX-1 GO HOME . \u00151000_2500\u0015',
    '%gls:\tI go home',
    '*S01:\tTOMORROW MORNING EARLY . \u00154000_5200\u0015',
    '%gls:\ttomorrow, early in the morning',
  ])
  await core.close()
})

test('what rows have no column for is told before other formats lose it, and JSON keeps it', async () => {
  const { api, core, dir, place, take } = await fileDesk()
  const text = EAF.replace(
    '<ALIGNABLE_ANNOTATION ANNOTATION_ID="a1"',
    '<ALIGNABLE_ANNOTATION EXT_REF="er1" ANNOTATION_ID="a1"',
  )
  const { recordingId } = await take(place('talk.eaf', text))
  const plan = async (file: string) => {
    const request = { recordingId, file: join(dir, file) }
    const { losses } = await api.annotationFile.previewExport(request)
    await api.annotationFile.export(request)
    return new Map(losses.map(({ code, count }) => [code, count]))
  }
  const inTable = await plan('out.tsv')
  const asIs = await convertAnnotations(join(dir, 'talk.eaf'), join(dir, 'as-is.tsv'))
  for (const code of ['unaligned', 'annotation-refs', 'properties', 'licenses'])
    expect([code, inTable.get(code)]).toEqual([code, asIs.losses.find(loss => loss.code === code)?.count])
  expect(inTable.get('annotation-refs')).toBe(1)
  await plan('out.json')
  const [sentence] = JSON.parse(readFileSync(join(dir, 'out.json'), 'utf8')).tiers
  expect(sentence.annotations[0].externalRef).toBe('er1')
  await core.close()
})
