import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { metricFrom } from './metric-names.ts'
import { cleanGlosses } from './phoenix-cleanup.ts'

const { cases } = JSON.parse(
  readFileSync(new URL('./fixtures/phoenix-cleanup.json', import.meta.url), 'utf8'),
) as { cases: [text: string, phoenix2014: string | null, phoenix2014t: string][] }

test('glosses are cleaned as by the published Python', () => {
  for (const [text, phoenix2014, phoenix2014t] of cases) {
    if (phoenix2014 !== null) expect(cleanGlosses(text, 'phoenix2014'), text).toBe(phoenix2014)
    expect(cleanGlosses(text, 'phoenix2014t'), text).toBe(phoenix2014t)
    expect(cleanGlosses(text, 'none')).toBe(text)
  }
})

test('word error rates are of cleaned glosses, and the signature says so', () => {
  const score = (cleanup: 'none' | 'phoenix2014t') => {
    const metric = metricFrom('wer', { cleanup })
    return metric.sentence('loc-NORD REGEN REGEN-PLUSPLUS', ['__ON__ NORD REGEN']).score
  }
  expect(score('none')).toBeCloseTo(100, 9)
  expect(score('phoenix2014t')).toBe(0)
  expect(metricFrom('wer', { cleanup: 'phoenix2014t' }).signature(1)).toContain('|clean:phoenix2014t|')
  expect(metricFrom('wer').signature(1)).not.toContain('clean')
})
