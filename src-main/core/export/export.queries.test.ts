import { expect, test } from 'vitest'
import { memoryDatabase } from '../../db/open.ts'
import { HYPOTHESES_OF_CLIPS, RATINGS_OF_CLIPS } from './export.queries.ts'

test.each([
  ['outputs', HYPOTHESES_OF_CLIPS],
  ['ratings', RATINGS_OF_CLIPS],
])('the %s of a page of clips are looked up clip by clip, however large the run', (_name, sql) => {
  const steps = memoryDatabase().prepare(`EXPLAIN QUERY PLAN ${sql}`).all('[]', 1) as { detail: string }[]
  expect(steps.map(({ detail }) => detail)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^SEARCH hypothesis .*\(run_id=\? AND clip_id=\?\)/)]),
  )
})
