import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const CANDIDATES: Partial<Record<NodeJS.Platform, string[]>> = {
  linux: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
}

/** For a browser that tests drive: no GPU, and nothing that it does of its own accord. */
export const BROWSER_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function onPath(name: string): string | null {
  if (existsSync(name)) return name
  const found = spawnSync('which', [name], { encoding: 'utf8' })
  return found.status === 0 ? found.stdout.trim() : null
}

function search(): string | null {
  const own = process.env['SIGNWRIGHT_BROWSER']
  if (own) return own
  for (const candidate of CANDIDATES[process.platform] ?? []) {
    const path = onPath(candidate)
    if (path) return path
  }
  return null
}

function isDebianRoot(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && onPath('apt-get') !== null
}

function aptInstall(packages: string[]): void {
  console.log(`Installing ${packages.join(' and ')} for the tests …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
    stdio: 'inherit',
    env,
  })
}

/** Chromium or Chrome for the end-to-end tests; on Debian as root it is installed, with ffmpeg, where missing. */
export function findBrowser(): string {
  const wanted = [...(search() ? [] : ['chromium']), ...(onPath('ffmpeg') ? [] : ['ffmpeg'])]
  if (wanted.length > 0 && isDebianRoot()) aptInstall(wanted)
  const browser = search()
  if (browser) return browser
  console.error(
    'The end-to-end tests need Chromium or Google Chrome. Install one (Debian: apt-get install chromium; ' +
      'macOS and Windows: google.com/chrome), or name it: SIGNWRIGHT_BROWSER=/path/to/chrome npm test',
  )
  process.exit(1)
}
