import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppInfo, DirectoryEntry, Settings } from '#shared/contract/app.ts'
import type { Log } from '../context.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { createAppService } from './app.service.ts'

function setup(homeDir = temporaryFolder()) {
  const logged: [Record<string, unknown>, string][] = []
  const log: Log = {
    info: () => {},
    warn: (...entry) => logged.push(entry),
    error: (...entry) => logged.push(entry),
  }
  const dataDir = join(homeDir, '.data')
  const ffmpeg = async () => ({ path: null, version: null, problem: 'missing' })
  const app = createAppService({ dataDir, homeDir, version: '1.2.3', shell: 'test', log, ffmpeg })
  return { app, homeDir, dataDir, logged }
}

test('settings start with defaults, keep what is saved, and survive a restart', () => {
  const { app, homeDir } = setup()
  expect(app.settings()).toEqual(Settings.parse({}))
  expect(app.saveSettings({ theme: 'dark', panels: { side: 300 } })).toMatchObject({
    theme: 'dark',
    locale: 'auto',
  })
  app.saveSettings({ annotator: 'Ada', theme: undefined })
  expect(setup(homeDir).app.settings()).toEqual(
    Settings.parse({ theme: 'dark', annotator: 'Ada', panels: { side: 300 } }),
  )
})

test('a broken settings file is kept aside and the program starts', () => {
  const { homeDir, dataDir } = setup()
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'settings.json'), '{"theme": "da')
  const { app, logged } = setup(homeDir)
  expect(app.settings()).toEqual(Settings.parse({}))
  expect(readFileSync(join(dataDir, 'settings.broken.json'), 'utf8')).toBe('{"theme": "da')
  expect([existsSync(join(dataDir, 'settings.json')), logged.length]).toEqual([false, 1])
})

test('settings that a newer program wrote are read as far as they are known', () => {
  const { homeDir, dataDir } = setup()
  mkdirSync(dataDir)
  writeFileSync(join(dataDir, 'settings.json'), JSON.stringify({ theme: 'light', hologram: true }))
  expect(setup(homeDir).app.settings()).toEqual(Settings.parse({ theme: 'light' }))
})

test('browses folders first, in natural order, marks corpora and models, hides what is hidden', async () => {
  const { app, homeDir } = setup()
  for (const dir of ['clip 10', 'clip 9', 'Tage.signwright', 'tiny', '.git']) mkdirSync(join(homeDir, dir))
  writeFileSync(join(homeDir, 'tiny', 'signwright-model.json'), '{}')
  for (const file of ['b10.mp4', 'B9.mp4', '.hidden']) writeFileSync(join(homeDir, file), 'four')
  if (process.platform !== 'win32') symlinkSync(join(homeDir, 'nowhere'), join(homeDir, 'dangling'))

  const found = await app.browse({ dir: null })
  expect(found.entries).toEqual(found.entries.map(entry => DirectoryEntry.parse(entry)))
  expect(found.entries.map(({ name, kind, bytes }) => [name, kind, bytes])).toEqual([
    ['clip 9', 'folder', null],
    ['clip 10', 'folder', null],
    ['Tage.signwright', 'corpus', null],
    ['tiny', 'model', null],
    ['B9.mp4', 'file', 4],
    ['b10.mp4', 'file', 4],
  ])
  expect((await app.browse({ dir: join(homeDir, 'tiny') })).parent).toBe(homeDir)
  expect((await app.browse({ dir: '/' })).parent).toBeNull()
})

test('says why a folder cannot be shown', async () => {
  const { app, homeDir } = setup()
  writeFileSync(join(homeDir, 'file'), '')
  await expect(app.browse({ dir: join(homeDir, 'gone') })).rejects.toThrow(
    expect.objectContaining({ code: 'not-found' }),
  )
  await expect(app.browse({ dir: join(homeDir, 'file') })).rejects.toThrow(
    expect.objectContaining({ code: 'invalid-input' }),
  )
})

test('knows itself, and logs what a window reports', async () => {
  const { app, homeDir, dataDir, logged } = setup()
  const info = await app.info()
  expect(info).toEqual(AppInfo.parse(info))
  expect(info).toMatchObject({ version: '1.2.3', shell: 'test', dataDir, homeDir })
  app.reportBug({ message: 'boom' })
  expect(logged).toEqual([[{ from: 'window' }, 'boom']])
})
