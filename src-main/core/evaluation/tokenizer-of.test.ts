import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { ModelId, type RunId } from '#shared/contract/ids.ts'
import { silentLog, testContext } from '../testing/corpus.ts'
import { createModelService } from '../model/model.service.ts'
import { rememberModel } from '../run/run.queries.ts'
import { weightsOf } from '../work/plan-translation.ts'
import { lintDataset } from './lint-dataset.ts'
import { roundTripOf, tokenizersOf } from './tokenizer-of.ts'

const models = createModelService({
  builtInDir: fileURLToPath(new URL('../../../models', import.meta.url)),
  dataDir: '/nowhere',
  version: '0.0.0',
  engine: { checkBundle: async () => null },
  log: silentLog,
})
const find = tokenizersOf(models)
const demo = ModelId.parse('demo')

/** A run that a model made whose weights are these. */
function runBy(fingerprint: string) {
  const { db } = testContext()
  const facts = { bundle: 'demo', name: 'Demo', version: '1', kind: 'spamo', manifest: '{}' }
  const modelId = rememberModel(db, { ...facts, fingerprint })
  const runId = db
    .prepare<[number], RunId>(
      `INSERT INTO run (name, model_id, kind, parameters, created_at, clips) VALUES ('r', ?, 'spamo', '{}', 0, 0) RETURNING id`,
    )
    .pluck()
    .get(modelId) as RunId
  return { db, runId }
}

test('the tokenizer is that of the model that made the run, if it is the very same, or the one that is asked for', () => {
  const made = runBy(weightsOf(models.bundle(demo)))
  const other = runBy('other weights')

  expect(find(made.db, [made.runId])).toMatchObject({ id: demo })
  expect(find(other.db, [other.runId])).toBeNull()
  expect(find(other.db, [other.runId], demo)).toMatchObject({ id: demo })
  expect(() => find(other.db, [other.runId], ModelId.parse('gone'))).toThrow('There is no model "gone"')
})

test('references that the tokenizer cannot write are found, and told as not checked where there is none', async () => {
  const source = {
    runs: [{ run: 'r' }],
    clips: ['a', 'b'].map(name => ({ clipId: null, name })),
    references: [['morgen regnet es im norden'], ['morgen regnet es im ☃']],
    hypotheses: [['morgen regnet es im norden', 'morgen regnet es']],
    language: 'de',
  }
  const options = { choice: { recipe: 'sacrebleu', normalisers: [] }, training: [] } as const
  const roundTrip = roundTripOf(models.get(demo))
  const checked = await lintDataset(source, {
    ...options,
    choice: { ...options.choice, normalisers: [] },
    tokenizer: { name: 'Demo', roundTrip },
  })
  const unchecked = await lintDataset(source, { ...options, choice: { ...options.choice, normalisers: [] } })

  expect(checked.tokenizer).toBe('Demo')
  expect(checked.findings.filter(({ check }) => check === 'round-trip')).toMatchObject([
    { count: 1, normaliser: null, examples: [{ name: 'b', side: 'reference' }] },
  ])
  expect(unchecked).toMatchObject({ tokenizer: null })
  expect(unchecked.skipped).toContainEqual({ check: 'round-trip', needs: 'tokenizer' })
})
