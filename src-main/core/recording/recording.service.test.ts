import { expect, test } from 'vitest'
import { addClip, addRecording, testContext } from '../testing/corpus.ts'
import { createRecordingService } from './recording.service.ts'

test('lists recordings by name with their videos, and how much is annotated', () => {
  const context = testContext()
  const late = addRecording(context.db, 'rec-2')
  const early = addRecording(context.db, 'rec-1')
  addClip(context.db, early, { name: 'clip-1' })
  context.db.exec(`
    INSERT INTO tier_type (name, stereotype) VALUES ('default', 'none');
    INSERT INTO tier (recording_id, type_id, name, ordinal, annotator)
      VALUES (${late.recordingId}, (SELECT max(id) FROM tier_type), 'Gloss', 0, '');
    INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES ((SELECT max(id) FROM tier), 0, 40, 'A');
  `)

  expect(createRecordingService(context).list()).toEqual([
    {
      id: early.recordingId,
      name: 'rec-1',
      durationMs: 600_000,
      media: [{ id: early.mediaId, name: 'rec-1.mp4' }],
      clips: 1,
      tiers: 0,
      annotations: 0,
    },
    expect.objectContaining({ id: late.recordingId, name: 'rec-2', clips: 0, tiers: 1, annotations: 1 }),
  ])
})

test('a recording without a video, or with one that ends early, lasts as long as its annotations', () => {
  const context = testContext()
  const { recordingId } = addRecording(context.db, 'rec-1')
  context.db.exec(`
    INSERT INTO tier_type (name, stereotype) VALUES ('default', 'none');
    INSERT INTO tier (recording_id, type_id, name, ordinal, annotator)
      VALUES (${recordingId}, (SELECT max(id) FROM tier_type), 'Gloss', 0, '');
    INSERT INTO annotation (tier_id, start_ms, end_ms, value)
      VALUES ((SELECT max(id) FROM tier), 599000, 612000, 'A'), ((SELECT max(id) FROM tier), 0, 40, 'B');
  `)
  expect(createRecordingService(context).list()[0]?.durationMs).toBe(612_000)
})
