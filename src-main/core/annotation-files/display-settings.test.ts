import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EAF } from '../../formats/testing/eaf-fixture.ts'
import { NO_REAL_FILES } from '../../formats/testing/real-files.ts'
import { removeFoldersAfterAll } from '../import/testing/videos.ts'
import { fileDesk } from './testing/file-desk.ts'

removeFoldersAfterAll()

const list = (key: string, names: readonly string[]) =>
  `<prefList key="${key}">${names.map(name => `<String>${name}</String>`).join('')}</prefList>`
const colour = (name: string, rgb: string) =>
  `<pref key="${name}"><Object class="java.awt.Color">${rgb}</Object></pref>`

const PFSX = `<?xml version="1.0" encoding="UTF-8"?>
<preferences version="1.1">
  ${list('MultiTierViewer.TierOrder', ['Gloss', 'Part', 'Word', 'Sentence ', 'Gone'])}
  ${list('MultiTierViewer.HiddenTiers', ['Part'])}
  <prefGroup key="TierColors">${colour('Word', '0,160,160')}${colour('Gone', '1,2,3')}</prefGroup>
  <pref key="MediaTime"><Long>1200</Long></pref>
</preferences>`

async function withDisplay(pfsx: string) {
  const desk = await fileDesk()
  const { api, core, place } = desk
  const file = place('talk.eaf', EAF)
  place('talk.pfsx', pfsx)
  const preview = async () => (await api.annotationFile.preview({ file })).display
  const take = async () => {
    const { recordingId } = await desk.take(file)
    const [job] = await api.job.list()
    const log = (await api.job.log({ jobId: job!.id })).toReversed()
    return { recordingId, log: log.map(({ level, message }) => `${level}: ${message}`) }
  }
  const tiers = async (recordingId: Awaited<ReturnType<typeof take>>['recordingId']) =>
    (await api.annotation.tiers({ recordingId })).map(({ name }) => name)
  return { ...desk, core, file, preview, take, tiers }
}

const LEFT_OUT = ['MultiTierViewer.TierOrder (Gone)', 'TierColors (Gone)', 'MediaTime']

test('order, colours and hidden tiers of the .pfsx beside an EAF come along, and the rest is named', async () => {
  const { api, core, dir, preview, take, tiers } = await withDisplay(PFSX)
  const told = {
    file: join(dir, 'talk.pfsx'),
    ordered: 4,
    coloured: 1,
    hidden: 1,
    leftOut: LEFT_OUT,
    problem: null,
  }
  expect(await preview()).toEqual(told)

  const { recordingId, log } = await take()
  expect(await tiers(recordingId)).toEqual(['Gloss', 'Part', 'Word', 'Sentence '])
  expect(await api.annotation.layout()).toEqual({
    height: 'medium',
    hidden: ['Part'],
    collapsed: [],
    colours: { Word: '#00a0a0' },
  })
  expect(log).toContain(
    `info: talk.pfsx: gives the order of 4 tiers, the colours of 1 tier, which 1 tier is hidden. Not taken over: ${LEFT_OUT.join(', ')}.`,
  )
  const out = join(dir, 'out.eaf')
  const written = await api.annotationFile.previewExport({ recordingId, file: out })
  expect([written.edits, written.losses]).toEqual([[], []])
  await core.close()
})

test('what a corpus shows its tiers as already stays when another file says otherwise', async () => {
  const { api, core, place, take, preview } = await withDisplay(PFSX)
  await take()
  await api.annotation.saveLayout({ height: 'low', hidden: [], collapsed: [], colours: { Word: '#112233' } })
  place('talk.eaf', EAF.replace('AUTHOR="Ada"', 'AUTHOR="Bo"'))
  expect((await preview())?.leftOut).toEqual([
    'MultiTierViewer.TierOrder (Gone)',
    'MultiTierViewer.HiddenTiers (Part)',
    'TierColors (Word, Gone)',
    'MediaTime',
  ])
  await take()
  expect(await api.annotation.layout()).toEqual({
    height: 'low',
    hidden: [],
    collapsed: [],
    colours: { Word: '#112233' },
  })
  await core.close()
})

test('a broken .pfsx is a warning with file, line and remedy; the EAF comes in all the same', async () => {
  const { core, dir, preview, take, tiers } = await withDisplay(PFSX.replace('</prefGroup>', ''))
  const problem = (await preview())?.problem
  expect(problem).toMatch(/talk\.pfsx, line 7, column \d+: .+\. Restore an earlier copy, or mend this place/)
  const { recordingId, log } = await take()
  expect(await tiers(recordingId)).toEqual(['Sentence ', 'Word', 'Part', 'Gloss'])
  expect(log).toContain(`warning: talk.eaf is shown as it comes: ${problem}`)
  writeFileSync(join(dir, 'talk.pfsx'), '<html/>')
  expect((await preview())?.problem).toContain(
    'these are no preferences of ELAN; the file begins with <html>',
  )
  await core.close()
})

const REAL = join(import.meta.dirname, '../../../../shared/corpora/annotation/eaf')
const STEM = 'test_data_fables_01_03_aesop_64kb'

test('a real EAF with its preferences is shown as ELAN showed it', async ({ skip }) => {
  if (!existsSync(join(REAL, `${STEM}.pfsx`))) skip(NO_REAL_FILES)
  const { api, core, dir, take } = await fileDesk()
  for (const ending of ['eaf', 'pfsx'])
    copyFileSync(join(REAL, `${STEM}.${ending}`), join(dir, `${STEM}.${ending}`))
  const { recordingId } = await take(join(dir, `${STEM}.eaf`))
  expect((await api.annotation.tiers({ recordingId })).map(({ name }) => name)).toEqual([
    'Story',
    'StoryChunk',
    'StoryChunkLanguage',
    'StoryChunkType',
    'SectionMarker',
  ])
  expect((await api.annotation.layout()).colours).toEqual({ SectionMarker: '#00a0a0', Story: '#0000a0' })
  const { display } = await api.annotationFile.preview({ file: join(dir, `${STEM}.eaf`) })
  expect(display?.leftOut).toEqual(
    expect.arrayContaining([
      'FrameSize',
      'MultiTierViewer.ActiveTierName',
      'SelectionBeginTime',
      'MediaTime',
    ]),
  )
  await core.close()
})
