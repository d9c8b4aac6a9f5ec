import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { findFfmpeg } from '../../../engine/frames/ffmpeg.ts'
import { ImportPreview, ImportSource } from '#shared/contract/transfer.ts'
import type { WriteDb } from '../../../db/types.ts'
import { testContext } from '../../testing/corpus.ts'
import { createImportService, type ImportResult } from '../import.service.ts'

const run = promisify(execFile)
const folders: string[] = []
let made: Promise<string> | undefined

/** A folder of its own, removed when the test file is done. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signwright-import-'))
  folders.push(folder)
  return folder
}

export function removeFoldersAfterAll(): void {
  afterAll(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))))
}

/** Makes moving pictures once, and files of them where they are wanted. */
async function material(): Promise<string> {
  const { ffmpeg } = await findFfmpeg()
  const folder = await newFolder()
  const picture = ['-v', 'error', '-f', 'lavfi']
  const source = (frames: number, rate = 25) => `testsrc=size=64x48:rate=${rate}:duration=${frames / rate}`
  const h264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-preset', 'ultrafast']
  await run(ffmpeg, [
    ...picture,
    '-i',
    source(50),
    ...h264,
    '-movflags',
    '+faststart',
    join(folder, 'video.mp4'),
  ])
  await run(ffmpeg, [...picture, '-i', source(40), ...h264, join(folder, 'other.mp4')])
  await run(ffmpeg, [...picture, '-i', source(5), ...h264, join(folder, 'short.mp4')])
  await run(ffmpeg, [...picture, '-i', source(20), '-c:v', 'mpeg4', join(folder, 'old.avi')])
  await run(ffmpeg, [...picture, '-i', source(3), join(folder, '%d.png')])
  return folder
}

type Kind = 'video' | 'other' | 'short' | 'old'

/** 50, 40, 5 and 20 frames at 25 a second. */
export async function addVideo(path: string, kind: Kind = 'video'): Promise<void> {
  made ??= material()
  await mkdir(dirname(path), { recursive: true })
  await copyFile(join(await made, kind === 'old' ? 'old.avi' : `${kind}.mp4`), path)
}

/** A folder of three pictures, numbered as PHOENIX does. */
export async function addFrames(folder: string, count = 3): Promise<void> {
  made ??= material()
  await mkdir(folder, { recursive: true })
  for (let frame = 1; frame <= count; frame++)
    await copyFile(join(await made, `${((frame - 1) % 3) + 1}.png`), join(folder, `images000${frame}.png`))
}

export async function addText(path: string, text: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
}

/** Videos of these names below `videos`, and `sentences.tsv` beside it. */
export async function folderWithTable(table: string, names = ['a', 'b']): Promise<string> {
  const folder = await newFolder()
  for (const name of names) await addVideo(join(folder, 'videos', `${name}.mp4`))
  await addText(join(folder, 'sentences.tsv'), table)
  return folder
}

/** A corpus in memory with an import service, and short ways to use them. */
export function setupImport(db?: WriteDb) {
  const context = testContext(db)
  const service = createImportService(context)
  const fill = (source: string, more: object = {}) => ImportSource.parse({ source, ...more })
  return {
    context,
    db: context.db,
    /** Parsed as on the wire. */
    preview: async (source: string, more?: object) =>
      ImportPreview.parse(await service.preview(fill(source, more))),
    run: (
      source: string,
      more?: object,
      signal = new AbortController().signal,
      onProgress = () => {},
    ): Promise<ImportResult> => service.run(fill(source, more), { signal, onProgress }),
    clips: () =>
      context.db
        .prepare(
          `SELECT clip.name, recording.name AS recording, start_ms AS startMs, end_ms AS endMs, first_frame AS firstFrame,
             last_frame AS lastFrame, split, signer.name AS signer, gloss, problem, language, text
           FROM clip JOIN recording ON recording.id = recording_id LEFT JOIN signer ON signer.id = signer_id
           LEFT JOIN (SELECT clip_id, language, text FROM reference WHERE ordinal = 0) ON clip_id = clip.id
           ORDER BY clip.name`,
        )
        .all() as Record<string, unknown>[],
  }
}

export const counts = ({ added, changed, known, broken }: ImportResult) => ({ added, changed, known, broken })
