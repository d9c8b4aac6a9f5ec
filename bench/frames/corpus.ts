import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, globSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createRouterClient } from '@orpc/server'
import { chromium, type Page } from '@playwright/test'
import { testCore } from '#main/core/testing/workplace.ts'
import { BROWSER_FLAGS, findBrowser } from '../../scripts/browser.ts'
import type { PictureSize } from './truth.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
export const VIDEOS = fileURLToPath(new URL('../../../shared/corpora', import.meta.url))

export interface BenchClip {
  id: number
  name: string
  /** The file itself, not a copy. */
  path: string
  firstFrame: number
  lastFrame: number
  /** Upright, pixels as stored. */
  picture: PictureSize
  /** How the window plays it: the file itself, a copy of it made for playing, or picture by picture. */
  kind: 'native' | 'proxy' | 'pictures'
}

export interface BenchPlace {
  clips: BenchClip[]
  page: Page
  urlOf: (clip: BenchClip) => string
}

/** Every video of a folder, at any depth. */
export function videosIn(folder: string, pattern: RegExp): string[] {
  return globSync('**/*.{mp4,mkv,mov,webm,gif}', { cwd: folder })
    .map(file => join(folder, file))
    .filter(file => pattern.test(file))
    .sort()
}

/** How a file is called in a corpus for measuring: names of its own for all of them. */
export function flatName(file: string): string {
  return `${basename(dirname(file))}--${basename(file)}`
}

/** The first frames of a video as a folder of pictures. */
export function makeFrameFolder(video: string, dir: string, frames: number): void {
  mkdirSync(dir, { recursive: true })
  const args = ['-v', 'error', '-i', video, '-frames:v', String(frames), join(dir, 'frame-%05d.png')]
  const made = spawnSync('ffmpeg', args)
  if (made.status !== 0) throw new Error(made.stderr.toString())
}

/**
 * Imports the files into a corpus of its own, serves it as a user would, and opens it in a real browser.
 * Copies have flat names (`flatName`). The first frames of the longest file are there once more, as pictures.
 */
export async function withCorpus(
  files: readonly string[],
  work: (place: BenchPlace) => Promise<void>,
): Promise<void> {
  if (!existsSync(join(root, 'out', 'renderer', 'index.html')))
    throw new Error('Build the window first: npm run build')
  const dir = mkdtempSync(join(tmpdir(), 'signwright-bench-'))
  try {
    const sources = copyFlat(files, join(dir, 'media'))
    const clips = await importAll(dir, sources)
    const server = await serve(dir)
    const browser = await chromium.launch({ executablePath: findBrowser(), args: BROWSER_FLAGS })
    try {
      const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
      await page.goto(server.url)
      await work({ clips, page, urlOf: clip => new URL(`/review/${clip.id}`, server.url).href })
    } finally {
      await browser.close()
      server.child.kill('SIGTERM')
      await server.ended
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function copyFlat(files: readonly string[], to: string): Map<string, string> {
  const sources = new Map<string, string>()
  mkdirSync(to, { recursive: true })
  for (const file of files) {
    const copy = join(to, flatName(file))
    copyFileSync(file, copy)
    sources.set(copy, file)
  }
  const longest = files.toSorted((a, b) => statSync(b).size - statSync(a).size)[0]
  if (longest) makeFrameFolder(longest, join(to, 'frame-folder'), 120)
  return sources
}

async function importAll(dir: string, sources: ReadonlyMap<string, string>): Promise<BenchClip[]> {
  const core = await testCore(dir)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(dir, 'Bench.signwright'), name: 'Bench' })
  const job = await api.importing.start({ source: join(dir, 'media'), format: 'folder' })
  const ended = await core.settled(job.id, () => {})
  if (ended.state !== 'done') throw new Error(`The import ended as ${ended.state}: ${ended.problem}`)
  const clips: BenchClip[] = []
  for (const id of await api.clip.ids({})) {
    const { mediaId, firstFrame, lastFrame } = await api.clip.get({ clipId: id })
    const facts = await api.media.get({ mediaId })
    const { path, width, height, rotation, isProxy, pictureUrl } = facts
    if (pictureUrl === null) await api.media.preparePlayback({ mediaId })
    const isSideways = rotation % 180 !== 0
    const picture = isSideways ? { width: height, height: width } : { width, height }
    const kind = pictureUrl === null ? (isProxy ? 'proxy' : 'native') : 'pictures'
    const name = basename(path)
    clips.push({ id, name, path: sources.get(path) ?? path, firstFrame, lastFrame, picture, kind })
  }
  await core.close()
  return clips
}

async function serve(dir: string) {
  const args = ['src-main/shells/cli/main.ts', 'serve', '--port', '0']
  const child = spawn(process.execPath, [...args, '--corpus', join(dir, 'Bench.signwright')], {
    cwd: root,
    env: { ...process.env, SIGNWRIGHT_DATA: dir },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>(resolve => child.once('exit', () => resolve()))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString()
      const address = /http:\/\/localhost:\d+\/\?token=\S+/.exec(said)?.[0]
      if (address) resolve(address)
    })
    child.once('exit', code => reject(new Error(`The server ended with code ${code}: ${said}`)))
  })
  return { child, ended, url }
}
