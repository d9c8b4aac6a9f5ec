import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findBrowser } from './browser.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const isWindows = process.platform === 'win32'

/** The tasks behind the npm scripts; `run.mjs` has installed everything and chosen the Node before. */
const TASKS: Record<string, (args: string[]) => Promise<void>> = {
  start,
  test,
  check: async () => check(),
  build: async () => build(),
  package: async args => must('electron-builder', ['--publish', 'never', ...args], 'Packaging'),
  'dev-web': devWeb,
  bench,
  migration: async ([slug]) => newMigration(slug),
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv = {}): number {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: isWindows,
    env: { ...process.env, ...env },
  })
  return result.status ?? 1
}

function must(command: string, args: string[], what: string, env: NodeJS.ProcessEnv = {}): void {
  console.log(`\n▸ ${what}`)
  const status = run(command, args, env)
  if (status === 0) return
  console.error(`\n${what} failed.`)
  process.exit(status)
}

function newestOf(patterns: string[]): number {
  return Math.max(
    0,
    ...patterns
      .flatMap(pattern => globSync(pattern, { cwd: root }))
      .map(file => statSync(join(root, file)).mtimeMs),
  )
}

/** Builds the window where a source is newer than the last build. */
function buildRenderer(): void {
  const built = join(root, 'out', 'renderer', 'index.html')
  const sources = newestOf([
    'src-renderer/**/*.{ts,vue,css,html,svg}',
    'src-shared/**/*.ts',
    'vite.config.ts',
    'package-lock.json',
  ])
  if (existsSync(built) && statSync(built).mtimeMs > sources) return
  must('vite', ['build', '--logLevel', 'warn'], 'Building the window')
}

function build(): void {
  buildRenderer()
  must('electron-vite', ['build', '--logLevel', 'warn'], 'Building the desktop shell')
}

/** Electron's binary, downloading it on the first start where that is possible. */
function electronBinary(): string | null {
  if (process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY']) return null
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) {
    console.log('Fetching Electron (once) …')
    spawnSync('node', [join(folder, 'install.js')], { cwd: root, stdio: 'ignore', timeout: 180_000 })
  }
  if (!existsSync(pathFile)) return null
  const binary = join(folder, 'dist', readFileSync(pathFile, 'utf8').trim())
  return existsSync(binary) ? binary : null
}

async function start(args: string[]): Promise<void> {
  buildRenderer()
  const electron = args.includes('--browser') ? null : electronBinary()
  if (electron) {
    must('electron-vite', ['build', '--logLevel', 'warn'], 'Building the desktop shell')
    await stay(electron, ['.', ...args])
    return
  }
  console.log(
    'Electron cannot run here (no display, or its binary cannot be fetched): Signwright opens in your browser instead.',
  )
  const rest = args.filter(arg => arg !== '--browser')
  await stay('node', ['src-main/shells/cli/main.ts', 'serve', '--demo', '--open', ...rest])
}

async function stay(command: string, args: string[]): Promise<void> {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
  process.on('SIGINT', () => {})
  const status = await new Promise<number>(resolve => child.on('exit', code => resolve(code ?? 0)))
  process.exit(status)
}

async function devWeb(args: string[]): Promise<void> {
  const core = spawn(
    'node',
    ['--watch', 'src-main/shells/cli/main.ts', 'serve', '--port', '5174', '--token', 'dev', ...args],
    {
      cwd: root,
      stdio: 'inherit',
    },
  )
  process.on('exit', () => core.kill())
  console.log(
    'Open http://localhost:5174/?token=dev once (it sets the access cookie), then http://localhost:5173',
  )
  process.env['SIGNWRIGHT_CORE'] = 'http://localhost:5174'
  await stay('vite', [])
}

function check(): void {
  must('tsc', ['-p', 'src-shared'], 'Types: shared')
  must('tsc', ['-p', 'src-main'], 'Types: main')
  must('tsc', ['-p', 'e2e'], 'Types: e2e, bench, config')
  must('vue-tsc', ['-p', 'src-renderer'], 'Types: renderer')
  must('oxlint', ['--quiet', '.'], 'Lint')
  must('eslint', ['src-renderer'], 'Lint: templates')
  must('oxfmt', ['--check', '.'], 'Format')
  must('vitest', ['run', '--project', 'main', '--project', 'renderer'], 'Unit and contract tests')
}

async function test(args: string[]): Promise<void> {
  const browser = findBrowser()
  check()
  build()
  rmSync(join(root, 'test-results'), { recursive: true, force: true })
  must(
    'playwright',
    ['test', '--config', 'e2e/playwright.config.ts', ...args],
    'End-to-end tests in a browser',
    {
      SIGNWRIGHT_BROWSER: browser,
    },
  )
}

async function bench(args: string[]): Promise<void> {
  const names = args.filter(arg => !arg.startsWith('-'))
  const options = args.filter(arg => arg.startsWith('-'))
  const all = globSync('bench/*.bench.ts', { cwd: root }).sort()
  const chosen = names.length === 0 ? all : all.filter(file => names.some(name => file.includes(name)))
  if (chosen.length === 0) console.error(`There is no such benchmark. Known: ${all.join(', ')}`)
  for (const file of chosen) must('node', ['--expose-gc', file, ...options], file)
}

function newMigration(slug: string | undefined): void {
  if (!slug || !/^[a-z0-9-]+$/.test(slug)) {
    console.error('Name the migration in kebab-case: npm run migration -- add-something')
    process.exit(2)
  }
  const dir = join('src-main', 'db', 'migrations')
  const id =
    globSync('[0-9]*.ts', { cwd: join(root, dir) }).filter(file => !file.endsWith('.test.ts')).length + 1
  const file = join(dir, `${String(id).padStart(4, '0')}-${slug}.ts`)
  const name = slug.replace(/-([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())
  writeFileSync(
    join(root, file),
    `import type { Migration } from '../types.ts'\n\nexport const ${name}: Migration = {\n  id: ${id},\n  name: '${slug}',\n  up(db) {\n    db.exec(\`\`)\n  },\n}\n`,
  )
  console.log(`${file}: write its SQL, add it to index.ts, run the tests to renew schema.sql.`)
}

const [name = '', ...args] = process.argv.slice(2)
const task = TASKS[name]
if (!task) {
  console.error(`There is no task "${name}". Known: ${Object.keys(TASKS).join(', ')}`)
  process.exit(2)
}
await task(args)
