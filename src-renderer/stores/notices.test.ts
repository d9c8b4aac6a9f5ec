import { AppError } from '#shared/contract/errors.ts'
import { expect, test } from 'vitest'
import { clientOf, inApp } from '../testing/test-core.ts'
import { useNotices } from './notices.ts'

test('never tells of a cancelled action', () => {
  const { result: notices } = inApp(clientOf({}), useNotices)
  notices.error(new AppError('cancelled', 'Cancelled.'))
  notices.error(new DOMException('stop', 'AbortError'))
  expect(notices.shown).toEqual([])
})

test('replaces the notice before it on the same topic', () => {
  const { result: notices } = inApp(clientOf({}), useNotices)
  notices.good('3 clips changed', undefined, 'edit')
  notices.good('Exported')
  notices.info('Undone', undefined, 'edit')
  expect(notices.shown.map(notice => notice.message)).toEqual(['Exported', 'Undone'])
})

test('keeps the latest few and dismisses by id', () => {
  const { result: notices } = inApp(clientOf({}), useNotices)
  for (const word of ['a', 'b', 'c', 'd', 'e']) notices.info(word)
  notices.dismiss(notices.shown[1]?.id ?? 0)
  expect(notices.shown.map(notice => notice.message)).toEqual(['b', 'd', 'e'])
})
