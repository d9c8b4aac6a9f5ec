import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { AppError } from '#shared/contract/errors.ts'

/** The ffmpeg and ffprobe in use, and what differs between their versions. */
export interface FfmpegTools {
  ffmpeg: string
  ffprobe: string
  /** As ffmpeg prints it, for `doctor` and provenance. */
  version: string
  /** Keep every frame and its stamp: `-fps_mode` came with 5.1, `-vsync` went later. */
  passthrough: readonly [string, string]
  /** Keep the pixels that the stream has: from 7.1 on ffmpeg also crops by container metadata, which Chromium does not. */
  cropping: readonly string[]
  /** showinfo, told not to hash every picture where it knows how. */
  showinfo: string
}

const OLDEST = 4.4
const run = promisify(execFile)
const require = createRequire(import.meta.url)
const known = new Map<string, Promise<FfmpegTools>>()

/** Finds ffmpeg and ffprobe: named by environment, else on PATH from 4.4 on, else the binaries of our npm packages. */
export function findFfmpeg(): Promise<FfmpegTools> {
  const { SIGNWRIGHT_FFMPEG = '', SIGNWRIGHT_FFPROBE = '', PATH = '' } = process.env
  const key = [SIGNWRIGHT_FFMPEG, SIGNWRIGHT_FFPROBE, PATH].join('\n')
  const found = known.get(key) ?? search(SIGNWRIGHT_FFMPEG, SIGNWRIGHT_FFPROBE)
  known.set(key, found)
  found.catch(() => known.delete(key))
  return found
}

async function search(namedFfmpeg: string, namedFfprobe: string): Promise<FfmpegTools> {
  if (namedFfmpeg || namedFfprobe) return searchNamed(namedFfmpeg || 'ffmpeg', namedFfprobe || 'ffprobe')

  const onPath = await versions('ffmpeg', 'ffprobe')
  if (onPath && (numberOf(onPath) ?? Infinity) >= OLDEST) return toolsOf('ffmpeg', 'ffprobe', onPath)

  const ffmpeg = installedBinary('@ffmpeg-installer/ffmpeg')
  const ffprobe = installedBinary('@ffprobe-installer/ffprobe')
  const installed = ffmpeg && ffprobe ? await versions(ffmpeg, ffprobe) : null
  if (ffmpeg && ffprobe && installed) return toolsOf(ffmpeg, ffprobe, installed)
  throw missing(
    onPath ? `the ffmpeg on this machine is ${onPath}, older than ${OLDEST}` : 'it is not on PATH',
  )
}

async function searchNamed(ffmpeg: string, ffprobe: string): Promise<FfmpegTools> {
  const version = await versions(ffmpeg, ffprobe)
  if (!version) throw missing(`SIGNWRIGHT_FFMPEG or SIGNWRIGHT_FFPROBE names no program that runs`)
  return toolsOf(ffmpeg, ffprobe, version)
}

function missing(reason: string): AppError {
  return new AppError(
    'ffmpeg-missing',
    `Signwright needs ffmpeg and ffprobe ${OLDEST} or newer to read video, but ${reason}. ` +
      'Install them (Debian: apt install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), ' +
      'or set SIGNWRIGHT_FFMPEG and SIGNWRIGHT_FFPROBE to the programs.',
  )
}

/** ffmpeg's version where both programs run. */
async function versions(ffmpeg: string, ffprobe: string): Promise<string | null> {
  try {
    const [first] = await Promise.all([run(ffmpeg, ['-version']), run(ffprobe, ['-version'])])
    return /version (\S+)/.exec(first.stdout)?.[1] ?? 'unknown'
  } catch {
    return null
  }
}

/** 5.1 of "5.1.9-0+deb12u1" or "n5.1"; null for builds from git ("N-47683-g0e8eb07980"). */
function numberOf(version: string): number | null {
  const match = /^n?(\d+)\.(\d+)/.exec(version)
  return match ? Number(`${match[1]}.${match[2]}`) : null
}

function toolsOf(ffmpeg: string, ffprobe: string, version: string): FfmpegTools {
  const release = numberOf(version) ?? 0
  return {
    ffmpeg,
    ffprobe,
    version,
    passthrough: [release >= 5.1 ? '-fps_mode' : '-vsync', 'passthrough'],
    cropping: release >= 7.1 ? ['-apply_cropping', 'codec'] : [],
    showinfo: release >= OLDEST ? 'showinfo=checksum=0' : 'showinfo',
  }
}

/** The packages put their binary in a package per platform; inside Electron's archive it is unpacked beside. */
function installedBinary(packageName: string): string | null {
  try {
    const { path } = require(packageName) as { path: string }
    return path.replace('app.asar', 'app.asar.unpacked')
  } catch {
    return null
  }
}
