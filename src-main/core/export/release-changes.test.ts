import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { ExportRequest } from '#shared/contract/transfer.ts'
import { addClip, addRecording, addRun, giveRights, testContext } from '../testing/corpus.ts'
import { createExportService } from './export.service.ts'

const root = await mkdtemp(join(tmpdir(), 'signwright-changes-'))
afterAll(() => rm(root, { recursive: true, force: true }))

function setup() {
  const context = testContext()
  const place = addRecording(context.db)
  const clips = ['rain', 'snow', 'wind'].map((name, at) =>
    addClip(context.db, place, { name, signer: 'Anna', startMs: 2000 * at, references: [`es ${name}`] }),
  )
  addRun(context.db, 'first run', new Map(clips.map(id => [id, ['es regnet']])))
  giveRights(context.db)
  const service = createExportService(context, { name: 'Signwright', version: '1.2.3' })
  const request = (version: string) =>
    ExportRequest.parse({ outDir: join(root, version), metadata: { name: 'Weather', version } })
  async function written(version: string) {
    await service.run(request(version), { signal: new AbortController().signal, onProgress: () => {} })
    return readFile(join(root, version, 'CHANGELOG.md'), 'utf8')
  }
  return {
    ...context,
    place,
    clips,
    written,
    preview: (version: string) => service.preview(request(version)),
  }
}

test('a release says what has changed since the one before, and its version is held to that', async () => {
  const { db, place, clips, written, preview } = setup()
  expect(await written('1.0.0')).toContain('The first release: 3 clips, 1 run.')
  db.exec(
    `UPDATE reference SET text = 'Es regnet.' WHERE clip_id = ${clips[0]}; DELETE FROM clip WHERE name = 'wind'`,
  )
  addClip(db, place, { name: 'fog', signer: 'Anna', startMs: 9000, references: ['nebel'] })
  addRun(db, 'second run', new Map([[clips[0]!, ['nebel']]]))
  giveRights(db)

  const warned = async (version: string) =>
    (await preview(version)).issues
      .filter(({ message }) => message.includes('version'))
      .map(({ message }) => message)
  expect(await warned('1.0.0')).toEqual([expect.stringContaining('was written with other content')])
  expect(await warned('1.1.0')).toEqual([expect.stringContaining('References have been edited since 1.0.0')])
  expect(await warned('2.0.0')).toEqual([])
  const text = await written('2.0.0')

  expect(text.split('\n').filter(line => /^(##|-|Since|The first)/.test(line))).toEqual([
    expect.stringMatching(/^## \[2\.0\.0\] - \d{4}-\d\d-\d\d$/),
    'Since 1.0.0:',
    '### Added',
    '- 1 clip: fog',
    '- 1 run: second run',
    '### Changed',
    '- references of 1 clip: rain',
    '### Removed',
    '- 1 clip',
    expect.stringMatching(/^## \[1\.0\.0\]/),
    'The first release: 3 clips, 1 run.',
  ])
  expect(await written('2.0.0')).toBe(text)
})
