import { AppError } from '#shared/contract/errors.ts'
import { Settings } from '#shared/contract/app.ts'
import { expect, test } from 'vitest'
import { clientOf, core, inApp } from '../testing/test-core.ts'
import { useNotices } from './notices.ts'
import { useSettings } from './settings.ts'

test('shows a change at once and keeps what the core answers', async () => {
  const stored = Settings.parse({ annotator: 'Anna' })
  const api = clientOf({
    app: { saveSettings: core.app.saveSettings.handler(({ input }) => ({ ...stored, ...input })) },
  })
  const { result: settings } = inApp(api, useSettings)

  const saving = settings.save({ theme: 'light' })
  expect(settings.current.theme).toBe('light')
  await saving
  expect(settings.current).toEqual({ ...stored, theme: 'light' })
})

test('takes a change back that could not be kept, and says why', async () => {
  const failing = core.app.saveSettings.handler(() => {
    throw new AppError('disk-full', 'No space is left for the settings.')
  })
  const { result } = inApp(clientOf({ app: { saveSettings: failing } }), () => ({
    settings: useSettings(),
    notices: useNotices(),
  }))

  await result.settings.save({ theme: 'light' })

  expect(result.settings.current.theme).toBe('system')
  expect(result.notices.shown.map(({ kind, code }) => ({ kind, code }))).toEqual([
    { kind: 'error', code: 'disk-full' },
  ])
})
