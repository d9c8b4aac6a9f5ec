import { rename, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  addText,
  addVideo,
  counts,
  folderWithTable,
  newFolder,
  removeFoldersAfterAll,
  setupImport,
} from './testing/videos.ts'

removeFoldersAfterAll()

const nothing = { added: 0, changed: 0, known: 0, broken: 0 }

describe('importing again', () => {
  const first = 'name\ttext\na\tIt rains.\nb\tIt snows.\n'
  const second = 'name\ttext\na\tIt rains a lot.\nb\tIt snows a lot.\n'

  test('makes a changed text a new version, and keeps what a person has corrected', async () => {
    const folder = await folderWithTable(first)
    const { preview, run, clips, db } = setupImport()
    await run(folder)
    db.exec(`
      UPDATE reference SET text = 'It snows!', version = 2, source = 'edit', changed_by = 'Ada' WHERE text = 'It snows.';
      INSERT INTO reference_version (reference_id, version, text, source, changed_at, changed_by)
        SELECT id, version, text, source, 0, 'Ada' FROM reference WHERE version = 2`)
    expect(counts(await run(folder))).toEqual({ ...nothing, known: 2 })
    await addText(join(folder, 'sentences.tsv'), second)
    expect((await preview(folder)).counts).toEqual({ new: 0, known: 1, changed: 1, broken: 0 })

    const result = await run(folder)

    expect(counts(result)).toEqual({ ...nothing, changed: 1, known: 1 })
    expect(result.issues).toEqual([
      {
        severity: 'info',
        file: 'sentences.tsv',
        line: 3,
        message:
          'The table has another text for b, but its reference was corrected here by Ada. The correction is kept.',
      },
    ])
    expect(clips().map(clip => clip['text'])).toEqual(['It rains a lot.', 'It snows!'])
    expect(
      db.prepare(`SELECT version, text, source FROM reference_version ORDER BY reference_id, version`).all(),
    ).toEqual([
      { version: 1, text: 'It rains.', source: 'import' },
      { version: 2, text: 'It rains a lot.', source: 'import' },
      { version: 1, text: 'It snows.', source: 'import' },
      { version: 2, text: 'It snows!', source: 'edit' },
    ])
  })

  test('finds a moved folder by its content and adds nothing', async () => {
    const folder = await folderWithTable(first)
    await addVideo(join(folder, 'videos', 'b.mp4'), 'other')
    const { run, db } = setupImport()
    await run(folder)
    const moved = `${folder}-moved`
    await rename(folder, moved)

    expect(counts(await run(moved))).toEqual({ ...nothing, known: 2 })

    expect(db.prepare('SELECT path FROM media ORDER BY path').pluck().all()).toEqual([
      join(moved, 'videos', 'a.mp4'),
      join(moved, 'videos', 'b.mp4'),
    ])
    await rename(moved, folder)
  })

  test('adds no copy of a file that is there already', async () => {
    const folder = await folderWithTable(first)
    const copy = await folderWithTable(first)
    const { run, db } = setupImport()
    await run(folder)

    expect(counts(await run(copy))).toEqual({ ...nothing, known: 2 })

    expect(db.prepare('SELECT count(*) FROM media').pluck().get()).toBe(2)
  })

  test('refuses another file under a name that is taken', async () => {
    const folder = await folderWithTable(first)
    const other = await newFolder()
    await addVideo(join(other, 'a.mp4'), 'other')
    const { preview, run } = setupImport()
    await run(folder)
    expect((await preview(other)).counts).toMatchObject({ broken: 1 })

    const result = await run(other)

    expect(counts(result)).toEqual({ ...nothing, broken: 1 })
    expect(result.issues[0]?.message).toBe(
      `The corpus already has a clip a, of another file (${join(folder, 'videos', 'a.mp4')}). Give this one another name.`,
    )
  })

  test('takes the frames of a file that was replaced, and none of one that was only touched', async () => {
    const folder = await folderWithTable(first)
    const { run, clips, db } = setupImport()
    await run(folder)
    await addVideo(join(folder, 'videos', 'a.mp4'), 'other')
    await utimes(join(folder, 'videos', 'b.mp4'), 1, 1)

    expect(counts(await run(folder))).toEqual({ ...nothing, changed: 1, known: 1 })

    expect(clips().map(clip => clip['lastFrame'])).toEqual([39, 49])
    expect(db.prepare('SELECT count(*) FROM media').pluck().get()).toBe(2)
    expect(counts(await run(folder))).toEqual({ ...nothing, known: 2 })
  })

  test('keeps the name of a file whose namesake came later', async () => {
    const folder = await newFolder()
    await addVideo(join(folder, 'x', '1.mp4'))
    const { run, clips } = setupImport()
    await run(folder)
    await addVideo(join(folder, 'y', '1.mp4'), 'other')

    expect(counts(await run(folder))).toEqual({ ...nothing, added: 1, known: 1 })

    expect(clips().map(clip => clip['name'])).toEqual(['1', 'y/1'])
  })

  test('goes on where it was stopped', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `v${at}`)
    const folder = await newFolder()
    for (const name of names) await addVideo(join(folder, `${name}.mp4`))
    const { run, clips } = setupImport()
    const stop = new AbortController()
    let files = 0

    await expect(run(folder, {}, stop.signal, () => ++files === 3 && stop.abort())).rejects.toMatchObject({
      name: 'AbortError',
    })

    expect(clips()).toHaveLength(3)
    expect(counts(await run(folder))).toEqual({ ...nothing, added: 5, known: 3 })
    expect(clips().map(clip => clip['name'])).toEqual(names)
  })
})
