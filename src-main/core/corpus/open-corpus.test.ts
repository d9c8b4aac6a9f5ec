import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { CorpusSummary } from '#shared/contract/corpus.ts'
import { createEditing } from '../edit/edit.service.ts'
import { addClip, addRecording } from '../testing/corpus.ts'
import { corpusDeps, temporaryFolder } from '../testing/folders.ts'
import { createCorpus, openCorpus, type OpenCorpus } from './open-corpus.ts'
import { restoreBackup } from './restore.ts'

async function setup() {
  const dir = temporaryFolder()
  const deps = corpusDeps()
  const corpus = await createCorpus(dir, { name: 'Tage' }, deps)
  return { dir, deps, corpus, place: corpus.context.dir }
}

/** A corpus with a clip, a backup of it, and a note written after the backup; closed. */
async function used() {
  const { dir, deps, corpus, place } = await setup()
  const clipId = addClip(corpus.context.db, addRecording(corpus.context.db), {
    name: 'a',
    signer: 'S1',
    references: ['eins'],
  })
  const backup = await corpus.backup()
  note(corpus, 'later')
  await corpus.close()
  return { dir, deps, place, clipId, backup }
}

function note(corpus: OpenCorpus, text: string): void {
  createEditing(corpus.context).run('Note', {}, tx => tx.update('clip', 1, { note: text }))
}

function noteOf(corpus: OpenCorpus): unknown {
  return corpus.context.db.prepare('SELECT note FROM clip').pluck().get()
}

const failure = (code: string, ...parts: string[]) =>
  expect.objectContaining({ code, message: expect.stringMatching(new RegExp(parts.join('[^]*'))) })

test('a corpus is a folder with its parts, and opens again under any of its names', async () => {
  const { dir, deps, corpus, place } = await setup()
  expect(place).toBe(join(dir, 'Tage.signwright'))
  expect(readdirSync(place).sort()).toEqual(
    expect.arrayContaining(['backups', 'corpus.lock', 'corpus.sqlite', 'features', 'proxies', 'thumbnails']),
  )
  await corpus.close()
  expect(existsSync(join(place, 'corpus.lock'))).toBe(false)
  for (const wanted of [place, join(dir, 'Tage'), dir]) {
    const again = await openCorpus(wanted, deps)
    expect(again.name()).toBe('Tage')
    await again.close()
  }
})

test('sums up what it holds', async () => {
  const { corpus, place } = await setup()
  addClip(corpus.context.db, addRecording(corpus.context.db), { name: 'a', signer: 'S1', split: 'dev' })
  const summary = await corpus.summary()
  expect(summary).toEqual(CorpusSummary.parse(summary))
  expect(summary).toEqual({
    dir: place,
    name: 'Tage',
    isDemo: false,
    clips: 1,
    recordings: 1,
    splits: [{ split: 'dev', clips: 1 }],
    states: [{ state: 'new', clips: 1 }],
    signers: [{ signer: 'S1', clips: 1 }],
    missingMedia: 1,
  })
  await corpus.close()
})

test('refuses to make a corpus where one is, and names that no file system takes become ones that it does', async () => {
  const { dir, deps, corpus } = await setup()
  await expect(createCorpus(dir, { name: 'Tage' }, deps)).rejects.toThrow(
    failure('conflict', 'already is a corpus'),
  )
  await corpus.close()
  const odd = await createCorpus(dir, { name: ' a/b: "c"? ' }, deps)
  expect([odd.context.dir, odd.name()]).toEqual([join(dir, 'a-b- -c--.signwright'), ' a/b: "c"? '])
  await odd.close()
})

test('says what is wrong with a folder that is no corpus', async () => {
  const { dir, deps, corpus } = await setup()
  await corpus.close()
  const other = await createCorpus(dir, { name: 'Zwei' }, deps)
  await other.close()
  writeFileSync(join(dir, 'file.txt'), '')
  mkdirSync(join(dir, 'empty'))
  await expect(openCorpus(join(dir, 'gone'), deps)).rejects.toThrow(
    failure('not-found', 'There is no folder'),
  )
  await expect(openCorpus(join(dir, 'file.txt'), deps)).rejects.toThrow(failure('not-found', 'is a file'))
  await expect(openCorpus(join(dir, 'empty'), deps)).rejects.toThrow(failure('not-found', 'is no corpus'))
  await expect(openCorpus(dir, deps)).rejects.toThrow(
    failure('not-found', 'several corpora: Tage.signwright, Zwei.signwright'),
  )
})

test('is open in one process at a time', async () => {
  const { deps, corpus, place } = await setup()
  await expect(openCorpus(place, deps)).rejects.toThrow(
    failure('locked', 'already open in this program since 2026'),
  )
  await corpus.close()

  const lock = join(place, 'corpus.lock')
  writeFileSync(lock, JSON.stringify({ pid: process.ppid, host: hostname(), processStart: null, since: 0 }))
  await expect(openCorpus(place, deps)).rejects.toThrow(
    failure('locked', `process ${process.ppid} on this computer`),
  )
  writeFileSync(lock, JSON.stringify({ pid: 1, host: 'lab-box', processStart: null, since: 0 }))
  await expect(openCorpus(place, deps)).rejects.toThrow(
    failure('locked', 'process 1 on lab-box', 'delete the file'),
  )
  expect(existsSync(lock)).toBe(true)
})

test('a lock of a process that died does not keep anybody out', async () => {
  const { deps, corpus, place } = await setup()
  await corpus.close()
  const lock = join(place, 'corpus.lock')
  const dead = spawnSync(process.execPath, ['-e', '']).pid
  const opens = async (text: string) => {
    writeFileSync(lock, text)
    const again = await openCorpus(place, deps)
    await again.close()
    expect(readdirSync(place).filter(name => name.includes('lock'))).toEqual([])
  }
  await opens(JSON.stringify({ pid: dead, host: hostname(), processStart: null, since: 0 }))
  if (process.platform !== 'win32')
    await opens(
      JSON.stringify({ pid: process.ppid, host: hostname(), processStart: 'another boot 1', since: 0 }),
    )
})

test('a backup is taken on opening when there is work that no copy has', async () => {
  const { deps, place } = await used()
  const reasons = async () => {
    const corpus = await openCorpus(place, deps)
    await corpus.close()
    return corpus.backups().map(({ reason }) => reason)
  }
  expect(await reasons()).toEqual(['daily', 'manual'])
  expect(await reasons()).toEqual(['daily', 'manual'])
  const corpus = await openCorpus(place, deps)
  note(corpus, 'more')
  await corpus.close()
  expect(await reasons()).toEqual(['opened', 'daily', 'manual'])
})

test('an empty corpus needs no backup', async () => {
  const { deps, corpus, place } = await setup()
  await corpus.close()
  const again = await openCorpus(place, deps)
  await again.close()
  expect(again.backups()).toEqual([])
})

test('restores a backup, keeps what it replaces, and can be taken back', async () => {
  const { deps, place, backup } = await used()
  expect(await restoreBackup(backup.file, deps.now)).toBe(place)
  const restored = await openCorpus(place, deps)
  expect(noteOf(restored)).toBe('')
  await restored.close()
  const [, before] = restored.backups()
  expect(restored.backups().map(({ reason }) => reason)).toEqual(['daily', 'before-restore', 'manual'])

  await restoreBackup(before?.file ?? '', deps.now)
  const back = await openCorpus(place, deps)
  expect(noteOf(back)).toBe('later')
  await back.close()
})

test('restores nothing over an open corpus, from elsewhere, or from a damaged backup', async () => {
  const { dir, deps, place, backup } = await used()
  const corpus = await openCorpus(place, deps)
  await expect(restoreBackup(backup.file, deps.now)).rejects.toThrow(failure('locked'))
  await corpus.close()
  await expect(restoreBackup(join(place, 'corpus.sqlite'), deps.now)).rejects.toThrow(
    failure('not-found', 'is no backup'),
  )
  cpSync(backup.file, join(dir, 'copy.sqlite'))
  await expect(restoreBackup(join(dir, 'copy.sqlite'), deps.now)).rejects.toThrow(
    failure('not-found', 'is no backup'),
  )
  truncateSync(backup.file, 5000)
  await expect(restoreBackup(backup.file, deps.now)).rejects.toThrow(
    failure('corrupt-file', 'damaged itself'),
  )
  const whole = await openCorpus(place, deps)
  expect(noteOf(whole)).toBe('later')
  await whole.close()
})

const damages: Record<string, (file: string) => void> = {
  'an overwritten header': file => writeFileSync(file, 'not a database'.repeat(1000)),
  'a cut file': file => truncateSync(file, 8192),
  'an emptied file': file => truncateSync(file, 0),
  'a lost file': file => rmSync(file),
  'scrambled pages': file => {
    const bytes = readFileSync(file)
    bytes.fill(0xab, 4096 * 3, 4096 * 40)
    writeFileSync(file, bytes)
  },
}

for (const [what, damage] of Object.entries(damages))
  test(`${what} is noticed on opening, and the newest sound backup is named and restores`, async () => {
    const { deps, place, backup } = await used()
    damage(join(place, 'corpus.sqlite'))
    await expect(openCorpus(place, deps)).rejects.toThrow(
      expect.objectContaining({
        code: 'corrupt-file',
        details: expect.objectContaining({ backup: backup.file }),
      }),
    )
    await restoreBackup(backup.file, deps.now)
    const restored = await openCorpus(place, deps)
    expect(noteOf(restored)).toBe('')
    await restored.close()
  })

test('a corpus of a newer program is left alone', async () => {
  const { deps, corpus, place } = await setup()
  corpus.context.db.pragma('user_version = 999')
  await corpus.close()
  await expect(openCorpus(place, deps)).rejects.toThrow(failure('conflict', 'newer Signwright'))
  expect(existsSync(join(place, 'corpus.lock'))).toBe(false)
})

test('another database is not taken for a corpus', async () => {
  const { deps, corpus, place } = await setup()
  await corpus.close()
  truncateSync(join(place, 'corpus.sqlite'), 0)
  const other = new Database(join(place, 'corpus.sqlite'))
  other.exec('CREATE TABLE browser_history (url TEXT)')
  other.close()
  await expect(openCorpus(place, deps)).rejects.toThrow(failure('corrupt-file', 'is damaged'))
})
