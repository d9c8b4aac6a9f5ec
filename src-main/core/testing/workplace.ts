import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { convertSpamo } from '../../engine/bundle/convert-spamo.ts'
import type { EngineClient } from '../../engine/client.ts'
import { writeSeededModel } from '../../engine/testing/seeded-model.ts'
import { type Core, createCore } from '../core.ts'
import { silentLog } from './corpus.ts'

/** A core on a data folder of its own, with nothing built in. */
export function testCore(
  dataDir: string,
  options: { resumeJobs?: boolean; engine?: EngineClient } = {},
): Promise<Core> {
  return createCore({
    shell: 'test',
    dataDir,
    resourcesDir: join(dataDir, 'no-resources'),
    modelsDir: join(dataDir, 'built-in'),
    version: '0.0.0',
    log: silentLog,
    resumeJobs: true,
    ...options,
  })
}

/** Installs a complete model of a few thousand seeded numbers as `tiny`. */
export async function installTinyModel(dataDir: string): Promise<void> {
  const model = writeSeededModel(join(dataDir, 'tiny-sources'))
  await convertSpamo({
    ...model,
    outDir: join(dataDir, 'built-in', 'tiny'),
    precision: 'fp32',
    card: { name: 'Tiny' },
  })
}

/** A moving test picture of 64 × 64 at 25 frames a second: a video, or stills where the name has a counter (`%04d.png`). */
export function drawTestPicture(target: string, { seconds, hue }: { seconds: number; hue: number }): void {
  mkdirSync(dirname(target), { recursive: true })
  const picture = `testsrc=size=64x64:rate=25:duration=${seconds},hue=h=${hue}`
  const format = target.endsWith('.mp4') ? ['-pix_fmt', 'yuv420p'] : []
  const made = spawnSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', picture, ...format, target])
  if (made.status !== 0) throw new Error(made.stderr.toString())
}

/** Videos of a test picture, `clip-00.mp4` and on, each different. */
export function makeVideos(dir: string, count: number, seconds = 2): void {
  mkdirSync(dir, { recursive: true })
  for (let at = 0; at < count; at++)
    drawTestPicture(join(dir, `clip-${String(at).padStart(2, '0')}.mp4`), { seconds, hue: at * 13 })
}
