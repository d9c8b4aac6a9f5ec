import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Where the program's own files lie when it runs from its sources. */
export const SOURCE_PATHS = {
  renderer: join(root, 'out', 'renderer'),
  resources: join(root, 'resources'),
  models: join(root, 'models'),
  packageJson: join(root, 'package.json'),
}

/** Settings, logs, installed models and the demo corpus. `SIGNWRIGHT_DATA` moves it, for a lab's shared machine or a test. */
export function defaultDataDir(): string {
  const own = process.env['SIGNWRIGHT_DATA']
  if (own) return resolve(own)
  if (process.platform === 'win32')
    return join(process.env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Signwright')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Signwright')
  return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'signwright')
}
