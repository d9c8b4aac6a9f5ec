// Runs on whatever Node the machine has: it installs what is missing, then hands over to the Node of the `node` package.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const isWindows = process.platform === 'win32'

function fail(message) {
  console.error(`\n${message}`)
  process.exit(1)
}

function run(command, args, env = {}) {
  const path = `${bin}${delimiter}${process.env.PATH ?? ''}`
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, PATH: path, Path: path, ...env },
    shell: isWindows,
  })
  if (result.error) fail(`${command} could not be started: ${result.error.message}`)
  return result.status ?? 1
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/** `npm ci` once for each state of the lock file. */
function installIfNeeded() {
  const mark = join(root, 'node_modules', '.signwright-installed')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === lockHash()) return
  console.error('Installing what Signwright needs (once, some minutes) …')
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (status !== 0)
    fail('npm ci did not succeed. Check the network and the free disk space, then run the command again.')
  writeFileSync(mark, lockHash())
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19))
  fail(
    `This is Node ${process.versions.node}. Install Node 20.19 or newer (it brings npm), then run the command again.`,
  )

installIfNeeded()
const [task = 'help', ...rest] = process.argv.slice(2)
process.exit(run('node', [join('scripts', 'tasks.ts'), task, ...rest]))
