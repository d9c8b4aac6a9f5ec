import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { ClipId, MediaId, RecordingId } from '#shared/contract/ids.ts'
import { ImportSource } from '#shared/contract/transfer.ts'
import { findClip } from '../clip/clip.queries.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createImportService } from '../import/import.service.ts'
import { addVideo, newFolder, removeFoldersAfterAll } from '../import/testing/videos.ts'
import { testContext } from '../testing/corpus.ts'
import { createMediaService } from './media.service.ts'
import { createRecordingMedia } from './recording-media.ts'

removeFoldersAfterAll()

/** Two imported recordings, `front` and `side`, and a file that the corpus does not know. */
async function setup() {
  const folder = await newFolder()
  const other = join(await newFolder(), 'top.mp4')
  await addVideo(join(folder, 'front.mp4'))
  await addVideo(join(folder, 'side.mp4'), 'other')
  await addVideo(other, 'short')
  const context = testContext(undefined, await newFolder())
  const { db } = context
  await createImportService(context).run(ImportSource.parse({ source: folder }), {
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  const place = (clip: string) =>
    db
      .prepare(`SELECT recording_id AS recordingId, media_id AS mediaId FROM clip WHERE name = ?`)
      .get(clip) as { recordingId: RecordingId; mediaId: MediaId }
  const clip = (name: string) =>
    findClip(db, db.prepare(`SELECT id FROM clip WHERE name = ?`).pluck().get(name) as ClipId)
  const editing = createEditing(context)
  const recordingMedia = createRecordingMedia(context, { editing })
  return { other, context, db, place, clip, editing, recordingMedia, media: createMediaService(context) }
}

test('a file becomes a view of a recording, and undo takes it out again, also after its curves were made', async () => {
  const { other, place, recordingMedia, editing, media } = await setup()
  const { recordingId, mediaId } = place('front')

  const added = await recordingMedia.add({ recordingId, path: other, offsetMs: 120 })
  const both = await recordingMedia.ofRecording(recordingId)
  await media.curves(added.id)
  editing.undo()
  const one = await recordingMedia.ofRecording(recordingId)
  editing.redo()
  const again = await recordingMedia.ofRecording(recordingId)

  expect(both.map(({ id, path, offsetMs }) => ({ id, isNew: path === other, offsetMs }))).toEqual([
    { id: mediaId, isNew: false, offsetMs: 0 },
    { id: added.id, isNew: true, offsetMs: 120 },
  ])
  expect([one, again].map(list => list.map(({ id }) => id))).toEqual([[mediaId], [mediaId, added.id]])
})

test('a recording of its own moves over with its clips, which keep their frames', async () => {
  const { place, clip, recordingMedia, editing, media, db } = await setup()
  const { recordingId } = place('front')
  const side = place('side')
  const before = clip('side')
  const { path } = await media.get(side.mediaId)

  await recordingMedia.add({ recordingId, path, offsetMs: -200 })
  const after = clip('side')
  const recordings = db.prepare('SELECT count(*) FROM recording').pluck().get()
  editing.undo()

  expect(after).toMatchObject({ recordingId, startMs: 200, endMs: 1800, firstFrame: 0 })
  expect(recordings).toBe(1)
  expect(clip('side')).toEqual(before)
})

test('an offset moves the times of clips and is undone with them', async () => {
  const { place, clip, recordingMedia, editing } = await setup()
  const { mediaId } = place('side')

  await recordingMedia.setOffset(mediaId, -80)
  const moved = clip('side')
  editing.undo()

  expect(moved).toMatchObject({ startMs: 80, endMs: 1680, firstFrame: 0 })
  expect(clip('side')).toMatchObject({ startMs: 0, endMs: 1600, firstFrame: 0 })
})

test('no clip begins before its recording, and no medium goes that clips are cut from', async () => {
  const { place, recordingMedia } = await setup()
  const { mediaId, recordingId } = place('side')

  await expect(recordingMedia.setOffset(mediaId, 40)).rejects.toMatchObject({ code: 'invalid-input' })
  expect(() => recordingMedia.remove(mediaId)).toThrow(/A clip is cut from side\.mp4/)
  expect((await recordingMedia.ofRecording(recordingId))[0]?.offsetMs).toBe(0)
})

test('a file that is not there, or no video, is refused by name', async () => {
  const { other, place, recordingMedia } = await setup()
  const { recordingId } = place('front')

  await expect(recordingMedia.add({ recordingId, path: `${other}.gone`, offsetMs: 0 })).rejects.toMatchObject(
    { code: 'media-missing', details: { file: `${other}.gone` } },
  )
  await expect(recordingMedia.add({ recordingId, path: import.meta.filename, offsetMs: 0 })).rejects.toThrow(
    /recording-media\.test\.ts/,
  )
})
