import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface Workstation {
  url: string
  /** Settings, models and the demo corpus of this test alone. */
  dataDir: string
  pid: number
  stop: () => Promise<void>
}

/** Starts the server shell as a user would, on a data folder of its own. */
export async function startWorkstation(dataDir: string, args: string[] = []): Promise<Workstation> {
  const child = spawn(process.execPath, ['src-main/shells/cli/main.ts', 'serve', '--port', '0', ...args], {
    cwd: root,
    env: { ...process.env, SIGNWRIGHT_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString()
      const address = /http:\/\/localhost:\d+\/\?token=\S+/.exec(text)?.[0]
      if (address) resolve(address)
    })
    child.once('exit', code => reject(new Error(`The server ended with code ${code}: ${text}`)))
  })
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}

export const test = base.extend<{ dataDir: string; workstation: Workstation }>({
  // oxlint-disable-next-line no-empty-pattern
  dataDir: async ({}, use) => {
    const dir = mkdtempSync(join(tmpdir(), 'signwright-e2e-'))
    await use(dir)
    rmSync(dir, { recursive: true, force: true })
  },
  workstation: async ({ dataDir }, use) => {
    const workstation = await startWorkstation(dataDir)
    await use(workstation)
    await workstation.stop()
  },
})

export { expect } from '@playwright/test'
