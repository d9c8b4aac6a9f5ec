import type { RecordingId } from '#shared/contract/ids.ts'
import { expect, test } from 'vitest'
import { shallowRef } from 'vue'
import type { Track } from '../timeline/document/track.ts'
import { useRecordingLength } from './use-recording-length.ts'

const ending = (...endsMs: number[]) =>
  new Map(endsMs.map((endMs, at) => [at, { maxEnds: Int32Array.of(endMs) } as Track]))

function setup(videoMs: number, ...endsMs: number[]) {
  const recordingId = shallowRef<RecordingId | null>(1 as RecordingId)
  const video = shallowRef(videoMs)
  const tracks = shallowRef(ending(...endsMs))
  return { recordingId, video, tracks, length: useRecordingLength({ recordingId, videoMs: video, tracks }) }
}

test('without a video a recording is as long as its annotations', () => {
  expect(setup(0, 4000, 9000, 100).length.value).toBe(9000)
})

test('a video that ends early hides no annotation', () => {
  const { length, video } = setup(60_000, 61_500)
  expect(length.value).toBe(61_500)
  video.value = 90_000
  expect(length.value).toBe(90_000)
})

test('it stays when the last annotation is shortened, and is taken anew for another recording', () => {
  const { length, tracks, recordingId } = setup(0, 9000)
  tracks.value = ending(8000)
  expect(length.value).toBe(9000)
  tracks.value = ending()
  recordingId.value = 2 as RecordingId
  expect(length.value).toBe(0)
  tracks.value = ending(500)
  expect(length.value).toBe(500)
})
