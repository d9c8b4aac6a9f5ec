import { ORPCError } from '@orpc/client'
import { AppError } from '#shared/contract/errors.ts'
import { expect, test } from 'vitest'
import { asAppError } from './app-error.ts'

const parts = (error: unknown) => {
  const { code, message, details } = asAppError(error)
  return { code, message, details }
}

test('keeps the code, the sentence and the details of an expected failure', () => {
  const wire = new ORPCError('media-missing', { message: 'The drive is gone.', data: { file: 'a.mp4' } })
  expect(parts(wire)).toEqual({
    code: 'media-missing',
    message: 'The drive is gone.',
    details: { file: 'a.mp4' },
  })
})

test('calls input that the contract refused invalid', () => {
  expect(parts(new ORPCError('BAD_REQUEST', { message: 'Input validation failed' }))).toEqual({
    code: 'invalid-input',
    message: 'Input validation failed',
    details: {},
  })
})

test('takes an aborted call for cancelled and anything else for a bug', () => {
  expect(asAppError(new DOMException('stop', 'AbortError')).code).toBe('cancelled')
  expect(asAppError(new TypeError('x is not a function')).code).toBe('internal')
  expect(asAppError(new ORPCError('SOMETHING_ELSE')).code).toBe('internal')
})

test('leaves an AppError as it is', () => {
  const error = new AppError('locked', 'In use.')
  expect(asAppError(error)).toBe(error)
})
