import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
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
