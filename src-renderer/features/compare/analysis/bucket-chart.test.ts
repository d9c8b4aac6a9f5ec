import { expect, test } from 'vitest'
import { shortened } from './bucket-chart.ts'

test('names that do not fit keep their end, where they differ', () => {
  expect(['Signer01', 'Signer12'].map(name => shortened(name, 6))).toEqual(['Si…r01', 'Si…r12'])
  expect(shortened('Signer01', 8)).toBe('Signer01')
  expect(shortened('手语者甲乙丙', 4)).toBe('手…乙丙')
  expect(shortened('Signer01', 0)).toBe('…1')
})
