#!/usr/bin/env node
// The command line starts under any Node and hands over to the one that the native modules were built for.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const own = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node')
const node = Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : own
if (!existsSync(node)) {
  console.error('Signwright is not installed here yet. Run: npm ci')
  process.exit(1)
}
const child = spawn(node, [join(root, 'src-main', 'shells', 'cli', 'main.ts'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
// Ctrl C reaches the whole process group; this process only waits for the child's own exit code.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
