import { spawnSync } from 'node:child_process'
import { chmodSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { scratch } from './testing/clips.ts'

const files = scratch()
afterAll(() => files[Symbol.dispose]())

const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** Root may read everything, so the reading is done by a process of a user who may not. */
function readAsOther(name: string, path: string) {
  const modules = {
    streams: pathToFileURL(`${import.meta.dirname}/streams.ts`).href,
    hash: pathToFileURL(`${import.meta.dirname}/../../core/media/content-hash.ts`).href,
  }
  const code = `
    const { readStreams } = await import(${JSON.stringify(modules.streams)})
    const { contentHash } = await import(${JSON.stringify(modules.hash)})
    const read = { readStreams, contentHash }[${JSON.stringify(name)}]
    await read(${JSON.stringify(path)}).catch(({ code, message }) => console.log(JSON.stringify({ code, message })))`
  const user = isRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const child = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    encoding: 'utf8',
    ...user,
  })
  return JSON.parse(child.stdout || JSON.stringify({ stderr: child.stderr })) as unknown
}

test.skipIf(process.platform === 'win32')('a video without the right to read it is told as that', () => {
  const path = files.make('private.mp4', 'testsrc2=s=64x48:r=25:d=0.2', [])
  chmodSync(files.dir, 0o755)
  chmodSync(path, 0o000)

  const refused = { code: 'not-permitted', message: `${path} may not be read. Check its access rights.` }
  expect([readAsOther('readStreams', path), readAsOther('contentHash', path)]).toEqual([refused, refused])
})
