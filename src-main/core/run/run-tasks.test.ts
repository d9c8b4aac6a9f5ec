import { expect, test } from 'vitest'
import { AnalysisScope } from '#shared/contract/analysis.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import { createAnalysis } from '../analysis/analysis.ts'
import { listHypotheses } from '../clip/clip.queries.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createEvaluationService } from '../evaluation/evaluation.service.ts'
import { addClip, addRecording, addRun, testContext } from '../testing/corpus.ts'
import { createRunService } from './run.service.ts'

const SCOPE = { split: null, tokenize: 'auto' } as const

/** Two clips with sentences and glosses; a translation, and what a recogniser made of the second clip badly. */
function setup() {
  const context = testContext()
  const { db } = context
  const place = addRecording(db)
  const clips = [
    { name: 'a', startMs: 0, references: ['morgen regnet es'], gloss: 'MORGEN REGEN' },
    { name: 'b', startMs: 2000, references: ['im norden weht wind'], gloss: 'NORD WIND WEHEN STARK' },
  ].map(clip => addClip(db, place, clip))
  const outputs = (texts: string[]) => new Map(clips.map((id, at): [ClipId, string[]] => [id, [texts[at]!]]))
  const sentences = addRun(db, 'spamo', outputs(['morgen regnet es', 'im norden weht wind']))
  const glosses = addRun(db, 'corrnet', outputs(['MORGEN REGEN', 'NORD SONNE WEHEN']))
  const editing = createEditing(context)
  const runs = createRunService(context, editing)
  const evaluation = createEvaluationService(context)
  const label = (runId: RunId, task: TaskType) => runs.setTask({ runId, task })
  return { context, db, place, clips, sentences, glosses, editing, runs, evaluation, label }
}

const shown = ({ scores }: { scores: { metric: string; score: number; details?: unknown }[] }) =>
  scores.map(({ metric, score, details }) => [metric, Math.round(score * 100) / 100, details])

test('a run that writes glosses is scored by its word error rate against the glosses of the clips', () => {
  const { evaluation, glosses, label } = setup()
  label(glosses, 'CSLR')
  const errors = { substitutions: 1, deletions: 1, insertions: 0, words: 6 }
  const scored = evaluation.score({ runId: glosses, ...SCOPE })
  expect(scored).toMatchObject({ task: 'CSLR', clips: 2 })
  expect(shown(scored)).toEqual([
    ['WER', 33.33, errors],
    ['WER-sclite', 33.33, errors],
  ])
})

test('a tier may be the reference, and clips without annotations on it are left out', () => {
  const { db, evaluation, glosses, label, place } = setup()
  label(glosses, 'CSLR')
  db.prepare(`INSERT INTO tier_type (name, stereotype) VALUES ('gloss', 'none')`).run()
  db.prepare(
    `INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (?, (SELECT id FROM tier_type WHERE name = 'gloss'), 'Gloss', 0)`,
  ).run(place.recordingId)
  const annotate = db.prepare(
    `INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES ((SELECT id FROM tier), ?, ?, ?)`,
  )
  annotate.run(3000, 3400, 'SONNE')
  annotate.run(2100, 2600, 'NORD')
  const scored = evaluation.score({ runId: glosses, ...SCOPE, glossTier: 'Gloss' })
  expect(scored.clips).toBe(1)
  expect(shown(scored)[0]).toEqual(['WER', 50, { substitutions: 0, deletions: 0, insertions: 1, words: 2 }])
})

test('sentences and glosses are never scored together, nor glosses by a metric of sentences', async () => {
  const { db, evaluation, glosses, sentences, label } = setup()
  label(glosses, 'ISLR')
  const refused = expect.objectContaining({ code: 'invalid-input' })
  expect(() => evaluation.compare({ runIds: [sentences, glosses], ...SCOPE })).toThrow(refused)
  expect(() => evaluation.score({ runId: glosses, ...SCOPE, metrics: ['bleu'] })).toThrow(refused)
  const scope = AnalysisScope.parse({ runIds: [sentences, glosses] })
  const task = { signal: new AbortController().signal, progress: () => {} }
  const asked = createAnalysis(db).prepare({ scope, version: 0 }, task)
  await expect(asked).rejects.toThrow(refused)
})

test('sentence scores go when a run turns out to write glosses, and come back with the label', () => {
  const { clips, db, editing, evaluation, glosses, label } = setup()
  const bleus = () => {
    evaluation.ensureSentenceScores(clips)
    return listHypotheses(db, clips[0]!, 'Ada').map(({ runName, task, bleu }) => [
      runName,
      task,
      bleu !== null,
    ])
  }
  expect(bleus()).toEqual([
    ['corrnet', 'S2T', true],
    ['spamo', 'S2T', true],
  ])
  label(glosses, 'CSLR')
  expect(bleus()).toEqual([
    ['corrnet', 'CSLR', false],
    ['spamo', 'S2T', true],
  ])
  editing.undo()
  expect(bleus()).toEqual([
    ['corrnet', 'S2T', true],
    ['spamo', 'S2T', true],
  ])
})
