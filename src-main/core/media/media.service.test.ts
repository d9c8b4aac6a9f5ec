import { readdir, readFile, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ImportSource } from '#shared/contract/transfer.ts'
import type { ClipId, MediaId } from '#shared/contract/ids.ts'
import { MediaFacts } from '#shared/contract/media.ts'
import { testContext } from '../testing/corpus.ts'
import { createImportService } from '../import/import.service.ts'
import { addFrames, addVideo, newFolder, removeFoldersAfterAll } from '../import/testing/videos.ts'
import { createMediaService } from './media.service.ts'

removeFoldersAfterAll()

/** A corpus with an MP4 of 50 frames, an AVI of 20 that needs a proxy, and a folder of 3 pictures. */
async function setup() {
  const videos = await newFolder()
  await addVideo(join(videos, 'day', 'a.mp4'))
  await addVideo(join(videos, 'night', 'old.avi'), 'old')
  await addFrames(join(videos, 'pictures'))
  const context = testContext(undefined, await newFolder())
  const { db } = context
  const source = ImportSource.parse({ source: videos, licence: 'CC0' })
  await createImportService(context).run(source, {
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  const idOf = (table: string, name: string) =>
    db.prepare(`SELECT id FROM ${table} WHERE name = ?`).pluck().get(name) as number
  const mediaId = (name: string) =>
    db.prepare('SELECT media_id FROM clip WHERE name = ?').pluck().get(name) as MediaId
  const clipId = (name: string) => idOf('clip', name) as ClipId
  const media = createMediaService(context)
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const response = await media.fetch(new Request(`http://localhost${path}`, { headers }))
    if (!response) throw new Error('not answered')
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      bytes: Buffer.from(await response.arrayBuffer()),
    }
  }
  return { videos, context, db, media, mediaId, clipId, get }
}

test('tells what a file is, and where it plays', async () => {
  const { videos, media, mediaId } = await setup()
  const id = mediaId('a')

  const facts = MediaFacts.parse(await media.get(id))

  expect(facts).toEqual({
    id,
    recordingId: facts.recordingId,
    path: join(videos, 'day', 'a.mp4'),
    kind: 'video',
    offsetMs: 0,
    frames: 50,
    durationMs: 2000,
    fps: 25,
    variableFrameRate: false,
    firstPtsMs: 0,
    width: 64,
    height: 48,
    displayWidth: 64,
    displayHeight: 48,
    rotation: 0,
    videoCodec: 'h264',
    audioCodec: null,
    bytes: facts.bytes,
    isThere: true,
    isAbsent: false,
    problem: null,
    licence: 'CC0',
    consent: '',
    playUrl: expect.stringMatching(new RegExp(`^/media/play/${id}\\?content=[0-9a-f]{16}$`)) as string,
    isProxy: false,
    pictureUrl: null,
  })
  const times = media.frameTimes(id)
  expect(times.frameTimesUs).toHaveLength(51)
  expect([times.frameTimesUs[1], times.frameTimesUs[50], times.playerOffsetUs]).toEqual([
    40_000, 2_000_000, 0,
  ])
})

test('makes one proxy for what a browser cannot play, however many ask', async () => {
  const { context, media, mediaId, get } = await setup()
  const id = mediaId('old')
  expect(await media.get(id)).toMatchObject({ isProxy: true, playUrl: null })
  expect((await get(`/media/play/${id}`)).status).toBe(404)

  await Promise.all([media.ensurePlayable(id), media.ensurePlayable(id), media.ensurePlayable(id)])

  expect((await media.get(id)).playUrl).not.toBeNull()
  expect(await readdir(join(context.dir, 'proxies'))).toHaveLength(1)
  expect((await get(`/media/play/${id}`)).type).toBe('video/mp4')
  await media.ensurePlayable(mediaId('pictures'))
  expect((await media.get(mediaId('pictures'))).playUrl).not.toBeNull()
})

test('serves each picture of a folder by the number of its frame, until the folder has another number of them', async () => {
  const { media, mediaId, get, videos } = await setup()
  const id = mediaId('pictures')
  const { pictureUrl } = await media.get(id)
  const names = (await readdir(join(videos, 'pictures'))).toSorted()
  const files = await Promise.all(names.map(name => readFile(join(videos, 'pictures', name))))

  const shown = await Promise.all(files.map((_, frame) => get(`${pictureUrl}${frame}`)))
  const beyond = await get(`${pictureUrl}${files.length}`)
  await rm(join(videos, 'pictures', names.at(-1) ?? ''))
  const changed = await get(`${pictureUrl}0`)

  expect(shown).toEqual(files.map(bytes => ({ status: 200, type: 'image/png', bytes })))
  expect([beyond.status, changed.status]).toEqual([404, 409])
  expect((await get(`/media/frame/${mediaId('a')}?n=0`)).status).toBe(404)
})

test('serves ranges of a video by id', async () => {
  const { media, mediaId, get } = await setup()
  const id = mediaId('a')
  const whole = await get(`/media/play/${id}`)

  const part = await get(`/media/play/${id}`, { range: 'bytes=4-7' })

  expect({ ...part, bytes: part.bytes.toString('latin1') }).toEqual({
    status: 206,
    type: 'video/mp4',
    bytes: 'ftyp',
  })
  expect(whole.bytes).toHaveLength((await media.get(id)).bytes)
  expect((await get('/media/play/999')).status).toBe(404)
  expect(await media.fetch(new Request('http://localhost/media/play/../../etc/passwd'))).toBeNull()
  expect(await media.fetch(new Request('http://localhost/other'))).toBeNull()
})

test('makes thumbnails on first use and keeps them', async () => {
  const { context, clipId, get, videos } = await setup()
  const addresses = ['a', 'old', 'pictures'].map(name => `/media/thumbnail/${clipId(name)}.jpg`)

  const made = await Promise.all([...addresses, ...addresses].map(address => get(address)))

  expect(made.map(({ status, type, bytes }) => [status, type, bytes.subarray(0, 2).toString('hex')])).toEqual(
    Array.from({ length: 6 }, () => [200, 'image/jpeg', 'ffd8']),
  )
  expect(await readdir(join(context.dir, 'thumbnails'))).toHaveLength(3)
  await rm(videos, { recursive: true })
  expect((await get(addresses[0] ?? '')).status).toBe(200)
})

test('answers 404 for a thumbnail of a file that is gone, and makes it once the file is back', async () => {
  const { clipId, get, videos } = await setup()
  await rename(videos, `${videos}-away`)
  expect((await get(`/media/thumbnail/${clipId('a')}.jpg`)).status).toBe(404)
  await rename(`${videos}-away`, videos)
  expect((await get(`/media/thumbnail/${clipId('a')}.jpg`)).status).toBe(200)
})

test('computes curves once and keeps them', async () => {
  const { db, media, mediaId } = await setup()
  const id = mediaId('a')

  const [first, second] = await Promise.all([media.curves(id), media.curves(id)])

  expect(first).toEqual(second)
  expect([first?.motion.length, Math.max(...(first?.motion ?? [])), first?.audio]).toEqual([50, 1, null])
  db.prepare(`UPDATE media SET path = '/nowhere' WHERE id = ?`).run(id)
  expect(await media.curves(id)).toEqual(first)
})

test('stops computing when nobody waits any more', async () => {
  const { db, media, mediaId } = await setup()
  const stop = new AbortController()
  const waiting = media.curves(mediaId('a'), stop.signal)
  stop.abort()
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
  expect(db.prepare('SELECT count(*) FROM media WHERE motion IS NOT NULL').pluck().get()).toBe(0)
  expect((await media.curves(mediaId('a'))).motion).toHaveLength(50)
})

test('finds a moved folder again from one of its files', async () => {
  const { videos, media, mediaId, clipId } = await setup()
  const moved = `${videos}-moved`
  await rename(videos, moved)
  expect((await media.missing()).map(facts => [facts.isThere, facts.playUrl])).toEqual([
    [false, null],
    [false, null],
    [false, null],
  ])
  expect(() => media.sourceOf(clipId('a'))).toThrow(expect.objectContaining({ code: 'media-missing' }))

  const answer = await media.relink({
    mediaId: mediaId('a'),
    path: join(moved, 'day', 'a.mp4'),
    alsoSiblings: true,
  })

  expect(answer).toEqual({ relinked: 3, stillMissing: 0 })
  expect((await media.get(mediaId('old'))).path).toBe(join(moved, 'night', 'old.avi'))
  await rename(moved, videos)
})

test('refuses another file in place of a missing one', async () => {
  const { videos, media, mediaId } = await setup()
  await addVideo(join(videos, 'other.mp4'), 'other')
  await rename(join(videos, 'day', 'a.mp4'), join(videos, 'b.mp4'))
  const relink = (path: string) =>
    media.relink({ mediaId: mediaId('a'), path: join(videos, path), alsoSiblings: false })

  await expect(relink('other.mp4')).rejects.toMatchObject({ code: 'conflict' })
  await expect(relink('nowhere.mp4')).rejects.toMatchObject({ code: 'not-found' })
  await expect(relink('night/old.avi')).rejects.toMatchObject({ code: 'conflict' })
  expect(await relink('b.mp4')).toEqual({ relinked: 1, stillMissing: 0 })
})

test('tells a changed file from one that was only touched', async () => {
  const { videos, media, mediaId, clipId } = await setup()
  const path = join(videos, 'day', 'a.mp4')
  await utimes(path, 1, 1)
  await media.verifyClip(clipId('a'))
  expect((await media.get(mediaId('a'))).problem).toBeNull()
  await addVideo(path, 'other')

  expect(await media.get(mediaId('a'))).toMatchObject({
    isThere: true,
    isAbsent: false,
    playUrl: null,
    problem: expect.stringContaining('has changed since it was imported') as string,
  })
  await expect(media.verifyClip(clipId('a'))).rejects.toMatchObject({ code: 'conflict' })
  expect(() => media.sourceOf(clipId('a'))).toThrow(expect.objectContaining({ code: 'conflict' }))
})

test('says where the frames of a clip are', async () => {
  const { videos, media, clipId } = await setup()
  const hash = expect.any(String) as string
  expect(media.sourceOf(clipId('a'))).toEqual({
    frames: { kind: 'video', path: join(videos, 'day', 'a.mp4'), firstFrame: 0, lastFrame: 49 },
    contentHash: hash,
    firstFrame: 0,
    lastFrame: 49,
  })
  expect(media.sourceOf(clipId('pictures')).frames).toEqual({
    kind: 'frames',
    dir: join(videos, 'pictures'),
    firstFrame: 0,
    lastFrame: 2,
  })
})
