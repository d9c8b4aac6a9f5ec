import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface CommandResult {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs `signwright …` to its end. */
export function signwright(dataDir: string, ...args: string[]): CommandResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src-main/shells/cli/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, SIGNWRIGHT_DATA: dataDir },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  return { status, stdout, stderr }
}

/** Runs it, expects success and returns what it printed as JSON. */
export function signwrightJson<T>(dataDir: string, ...args: string[]): T {
  const { status, stdout, stderr } = signwright(dataDir, ...args, '--json')
  if (status !== 0) throw new Error(`signwright ${args.join(' ')} ended with ${status}: ${stderr}${stdout}`)
  return JSON.parse(stdout) as T
}
