/** Small videos made by ffmpeg, and real ones from the corpora beside the repository, for tests. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const CORPORA = resolve(import.meta.dirname, '../../../../../shared/corpora')
export const hasCorpora = existsSync(CORPORA)
if (!hasCorpora) process.stderr.write(`Tests on real video are skipped: ${CORPORA} is not there.\n`)

/** All videos of the corpora; one of each folder unless SIGNWRIGHT_THOROUGH is set (some minutes). */
export function corpusVideos(): string[] {
  if (!hasCorpora) return []
  const names = readdirSync(CORPORA, { recursive: true, encoding: 'utf8' }).filter(name =>
    /\.(mp4|mkv|webm|mov|gif)$/.test(name),
  )
  const files = names.sort().map(name => join(CORPORA, name))
  if (process.env['SIGNWRIGHT_THOROUGH']) return files
  const isOddOne = (file: string) => /codec_edge.(?!tears)|signbank.video/.test(file)
  return files
    .filter(file => !file.includes('tears-of-steel'))
    .filter((file, at, all) => isOddOne(file) || join(all[at - 1] ?? '', '..') !== join(file, '..'))
}

export interface Scratch extends Disposable {
  dir: string
  /** Makes a file with ffmpeg and gives its path; `source` is a lavfi source. */
  make: (name: string, source: string, options: string[]) => string
  path: (name: string) => string
}

export function scratch(): Scratch {
  const dir = mkdtempSync(join(tmpdir(), 'signwright-clips-'))
  const path = (name: string) => join(dir, name)
  return {
    dir,
    path,
    make(name, source, options) {
      ffmpeg(['-f', 'lavfi', '-i', source, ...options, path(name)])
      return path(name)
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export function ffmpeg(args: string[]): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { maxBuffer: 1 << 30 })
}

/** A hash per shown frame, by one plain run of ffmpeg from beginning to end: what random access has to agree with. */
export function sequentialHashes(path: string, stream: number): string[] {
  const args = [
    '-i',
    path,
    '-map',
    `0:${stream}`,
    '-fps_mode',
    'passthrough',
    '-pix_fmt',
    'rgb24',
    '-f',
    'framemd5',
    '-',
  ]
  const lines = ffmpeg(args).toString().split('\n')
  return lines
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => line.split(',').at(-1)?.trim() ?? '')
}

/** Frames as ffprobe counts them by decoding. */
export function countedFrames(path: string, stream: number): number {
  const args = [
    '-v',
    'quiet',
    '-count_frames',
    '-select_streams',
    String(stream),
    '-show_entries',
    'stream=nb_read_frames',
    '-of',
    'csv=p=0',
    path,
  ]
  return Number.parseInt(execFileSync('ffprobe', args).toString(), 10)
}

export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

/** The pixels of an encoded picture. */
export function picturePixels(picture: Buffer): Buffer {
  return execFileSync(
    'ffmpeg',
    ['-v', 'error', '-f', 'image2pipe', '-i', '-', '-pix_fmt', 'rgb24', '-f', 'rawvideo', '-'],
    {
      input: picture,
      maxBuffer: 1 << 30,
    },
  )
}
