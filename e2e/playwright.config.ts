import { defineConfig } from '@playwright/test'
import { BROWSER_FLAGS } from '../scripts/browser.ts'

export default defineConfig({
  testDir: 'specs',
  outputDir: '../test-results',
  timeout: 240_000,
  expect: { timeout: 20_000 },
  // Each spec starts a core of its own; two at a time would share two cores and time out for no fault of theirs.
  workers: 1,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    launchOptions: {
      executablePath: process.env['SIGNWRIGHT_BROWSER'] ?? '/usr/bin/chromium',
      args: BROWSER_FLAGS,
    },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
})
