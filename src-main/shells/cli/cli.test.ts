import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { installTinyModel, makeVideos } from '../../core/testing/workplace.ts'
import { GOLDEN, hasGolden } from '../../engine/testing/golden.ts'

const main = join(import.meta.dirname, 'main.ts')
const isPosix = process.platform !== 'win32'
const place = mkdtempSync(join(tmpdir(), 'signwright cli ü-'))
const dataDir = join(place, 'data')
const corpusDir = join(place, 'Wörter.signwright')
const videos = join(place, 'videos')
const names = ['clip-00', 'clip-01', 'clip-02', 'clip-03']

interface Ended {
  code: number | null
  stdout: string
  stderr: string
}

function start(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended>; said: Promise<void> } {
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...process.env, SIGNWRIGHT_DATA: dataDir, ...env },
  })
  let [stdout, stderr] = ['', '']
  const said = Promise.withResolvers<void>()
  const hear = (add: (text: string) => void) => (part: Buffer) => (add(part.toString()), said.resolve())
  child.stdout.on(
    'data',
    hear(text => (stdout += text)),
  )
  child.stderr.on(
    'data',
    hear(text => (stderr += text)),
  )
  const ended = new Promise<Ended>(resolve => child.once('close', code => resolve({ code, stdout, stderr })))
  return { child, ended, said: said.promise }
}

const cli = (args: string[], env?: NodeJS.ProcessEnv): Promise<Ended> => start(args, env).ended
const onCorpus = (command: string, ...args: string[]) => cli([command, ...args, '--corpus', corpusDir])
const work = ['--model', 'tiny', '--device', 'cpu']

/** What a script gets: the JSON of a command that succeeds. */
async function json(ended: Promise<Ended>): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await ended
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Record<string, unknown>
}

/** The error that a script gets on stdout, with exit code 1. */
async function failure(ended: Promise<Ended>): Promise<unknown> {
  const { code, stdout } = await ended
  expect(code).toBe(1)
  return (JSON.parse(stdout) as { error: unknown }).error
}

beforeAll(async () => {
  await installTinyModel(dataDir)
  cpSync(join(dataDir, 'built-in'), join(dataDir, 'models'), { recursive: true })
  makeVideos(videos, names.length, 1)
  const rows = names.map((name, at) => `${name}\tSatz ${at} über das Wetter.\t${at === 0 ? 'dev' : 'test'}\n`)
  writeFileSync(join(videos, 'sentences.tsv'), `name\ttext\tsplit\n${rows.join('')}`)
  writeFileSync(join(videos, 'text.mp4'), 'no video')
  await json(cli(['create', corpusDir, '--name', 'Wörter', '--json']))
  await json(onCorpus('import', videos, '--language', 'de', '--json'))
})

afterAll(() => rmSync(place, { recursive: true, force: true }))

test('from features to a release: results on stdout, progress and warnings on stderr', async () => {
  const extracted = await onCorpus('extract', ...work, '--json')
  expect(JSON.parse(extracted.stdout)).toEqual({ done: 4, failed: 0, device: 'cpu' })
  expect(extracted.stderr).toMatch(/^Extract features of 4 clips with Tiny: 0\/100 frames/)
  expect(extracted.stderr.match(/\(100 %\)/g)).toHaveLength(1)

  const run = await json(onCorpus('translate', ...work, '--name', 'one', '--quiet', '--json'))
  expect(run).toMatchObject({ run: 'one', hypotheses: names.map(clip => ({ clip })) })
  const evaluated = await json(onCorpus('evaluate', '--run', 'one', '--split', 'test', '--json'))
  expect(evaluated).toMatchObject({
    run: 'one',
    clips: 3,
    scores: expect.arrayContaining([expect.objectContaining({ metric: 'BLEU' })]) as unknown,
  })

  const barred = await failure(onCorpus('export', '--out', join(place, 'barred'), '--json'))
  expect(barred).toMatchObject({ code: 'not-permitted' })
  const consent = ['--consent', 'research', '--signer', 'Ada', '--licence', 'CC-BY-4.0']
  await json(onCorpus('rights', ...consent, '--json'))
  const [first, second] = [join(place, 'release 1'), join(place, 'release 2')]
  const exported = await json(onCorpus('export', '--out', first, '--json'))
  await json(onCorpus('export', '--out', second, '--json'))
  expect(exported).toMatchObject({ out: first, clips: 4, runs: ['one'] })
  const bytes = (dir: string) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'base64')])
      .sort()
  expect(bytes(second)).toEqual(bytes(first))

  const hyp = join(first, 'plain', 'one.hyp.txt')
  const scored = await json(
    cli(['score', hyp, join(first, 'plain', 'ref.txt'), '--metrics', 'bleu', '--json']),
  )
  const whole = await json(onCorpus('evaluate', '--run', 'one', '--metrics', 'bleu', '--json'))
  const [{ score, signature }] = scored['scores'] as [{ score: number; signature: string }]
  expect(whole['scores']).toMatchObject([{ score, signature }])
})

test('expected failures are told as JSON on stdout with exit code 1', async () => {
  const text = join(videos, 'text.mp4')
  const noFfmpeg = { SIGNWRIGHT_FFMPEG: join(place, 'nowhere', 'ffmpeg') }
  const [run, model, split, video, ffmpeg, corpus, dataFolder, metric] = await Promise.all([
    failure(cli(['probe', join(place, 'nothing.mp4'), '--json'])),
    failure(cli(['models', 'verify', join(place, 'nothing'), '--json'])),
    failure(cli(['score', join(place, 'hyp'), join(place, 'ref'), '--json'])),
    failure(cli(['probe', text, '--json'])),
    failure(cli(['probe', text, '--json'], noFfmpeg)),
    failure(cli(['evaluate', '--corpus', videos, '--run', 'one', '--json'])),
    failure(cli(['models', 'list', '--json'], { SIGNWRIGHT_DATA: text })),
    failure(cli(['frame', join(videos, 'clip-00.mp4'), '0', '--out', videos, '--json'])),
  ])

  expect(run).toEqual({
    code: 'media-missing',
    message: expect.any(String) as string,
    file: join(place, 'nothing.mp4'),
  })
  expect(model).toMatchObject({ code: expect.stringMatching(/not-found|invalid-input/) as string })
  expect(split).toMatchObject({ code: 'not-found' })
  expect(video).toMatchObject({ code: 'corrupt-file', file: text })
  expect(ffmpeg).toMatchObject({
    code: 'ffmpeg-missing',
    message: expect.stringContaining('apt install ffmpeg') as string,
  })
  expect(corpus).toMatchObject({
    code: 'not-found',
    file: videos,
    message: expect.stringContaining('create a corpus') as string,
  })
  expect(dataFolder).toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('SIGNWRIGHT_DATA') as string,
  })
  expect(metric).toMatchObject({ code: 'invalid-input', file: videos })
})

test('what the corpus does not have is named, with what it has', async () => {
  expect(await failure(onCorpus('evaluate', '--run', 'nope', '--json'))).toMatchObject({ code: 'not-found' })
  expect(await failure(onCorpus('extract', '--model', 'nope', '--json'))).toMatchObject({
    code: 'not-found',
    message: expect.stringMatching(/There is no model "nope"\. Installed: .*tiny/) as string,
  })
  expect(
    await failure(onCorpus('export', '--out', join(place, 'none'), '--split', 'nope', '--json')),
  ).toMatchObject({
    code: 'not-found',
    message: 'There is no split "nope". Known splits: dev, test',
  })
  expect(existsSync(join(place, 'none'))).toBe(false)
})

test('a job that fails keeps its code, and the same command goes on once the reason is gone', async () => {
  const wish = ['translate', ...work, '--name', 'late', '--corpus', corpusDir, '--json']
  rmSync(join(corpusDir, 'features'), { recursive: true, force: true })

  const failed = await failure(cli(wish, { SIGNWRIGHT_FFMPEG: join(place, 'nowhere', 'ffmpeg') }))
  const done = await json(cli(wish))

  expect(failed).toMatchObject({ code: 'ffmpeg-missing' })
  expect(done).toMatchObject({ run: 'late', hypotheses: names.map(clip => ({ clip })) })
})

test('wrong usage ends with 2, says why and prints nothing on stdout', async () => {
  const wrong = [
    [['frobnicate'], 'unknown command'],
    [['extract'], "required option '--corpus <dir>'"],
    [['translate', '--corpus', corpusDir, '--beam', '2.5'], 'a whole number from 1 to 20'],
    [['export', '--corpus', corpusDir, '--out', place, '--format', 'docx'], 'Known: jsonl, csv, parquet'],
    [['frame', join(videos, 'clip-00.mp4'), 'x', '--out', 'y.png'], 'Frames are counted from 0'],
  ] as const
  const ended = await Promise.all(wrong.map(([args]) => cli([...args])))

  for (const [at, { code, stdout, stderr }] of ended.entries()) {
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(wrong[at]?.[1])
  }
})

test.runIf(isPosix)(
  'Ctrl C ends a translation with 130, and the same command goes on with the same run',
  async () => {
    const wish = ['translate', ...work, '--name', 'stopped', '--corpus', corpusDir]
    const { child, ended, said } = start(wish)
    await said
    child.kill('SIGINT')
    const first = await ended
    const second = await cli([...wish, '--json'])
    const jobs = (await json(onCorpus('jobs', '--json')))['jobs'] as { title: string; state: string }[]

    expect({ code: first.code, stdout: first.stdout }).toEqual({ code: 130, stdout: '' })
    expect(first.stderr).toMatch(/run the same command again to go on\.\n$/)
    expect(second.code).toBe(0)
    expect(JSON.parse(second.stdout)).toMatchObject({
      run: 'stopped',
      hypotheses: names.map(clip => ({ clip })),
    })
    expect(jobs.filter(({ title }) => title.endsWith(': stopped')).map(({ state }) => state)).toEqual([
      'done',
    ])
  },
)

test.runIf(isPosix)(
  'a second program on the same corpus is told who has it, and Ctrl C ends the first',
  async () => {
    const { child, ended, said } = start(['serve', '--port', '0', '--corpus', corpusDir])
    await said
    const refused = await failure(onCorpus('jobs', '--json'))
    child.kill('SIGINT')

    expect(refused).toMatchObject({
      code: 'locked',
      message: expect.stringContaining(`process ${child.pid} on this computer`) as string,
    })
    expect(await ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Signwright is at http:\/\/localhost:\d+/) as string,
    })
    expect((await onCorpus('jobs', '--json')).code).toBe(0)
  },
)

test('a second camera is added to a recording, at the time at which it began', async () => {
  const file = join(place, 'camera.mp4')
  cpSync(join(videos, 'clip-01.mp4'), file)
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('free')]))
  const added = await json(
    cli([
      'media',
      'add',
      file,
      '--recording',
      'clip-00',
      '--offset',
      '-400',
      '--corpus',
      corpusDir,
      '--json',
    ]),
  )
  expect(added).toMatchObject({ recording: 'clip-00', path: file, offsetMs: -400, frames: 25 })
  const { media } = await json(
    cli(['media', 'list', '--recording', 'clip-00', '--corpus', corpusDir, '--json']),
  )
  expect(media).toMatchObject([{ offsetMs: 0 }, { path: file, offsetMs: -400 }])
  const error = await failure(
    cli(['media', 'add', file, '--recording', 'nobody', '--corpus', corpusDir, '--json']),
  )
  expect(error).toMatchObject({ code: 'not-found' })
})

test('a corpus that is damaged can be restored, and a folder that is only verified is not installed', async () => {
  const backup = await json(cli(['backup', '--corpus', corpusDir, '--json']))
  writeFileSync(join(corpusDir, 'corpus.sqlite'), 'damaged')
  for (const suffix of ['-wal', '-shm']) rmSync(join(corpusDir, `corpus.sqlite${suffix}`), { force: true })

  expect(await failure(onCorpus('jobs', '--json'))).toMatchObject({
    code: 'corrupt-file',
    message: expect.stringContaining(String(backup['file'])) as string,
  })
  expect(await json(cli(['restore', String(backup['file']), '--corpus', corpusDir, '--json']))).toMatchObject(
    { clips: 4 },
  )

  const copy = join(place, 'copied-model')
  cpSync(join(dataDir, 'models', 'tiny'), copy, { recursive: true })
  expect(await json(cli(['models', 'verify', copy, '--json']))).toMatchObject({ isSound: true })
  const { models } = (await json(cli(['models', 'list', '--json']))) as { models: { id: string }[] }
  expect(models.map(({ id }) => id)).not.toContain('copied-model')
})

test.runIf(hasGolden)('a checkpoint that would run code is refused by name', async () => {
  const sources = ['clip', 'videomae', 't5'].map(part => join(dataDir, 'tiny-sources', part))
  const checkpoint = join(GOLDEN, 'ckpt-cases', 'os_system.ckpt')
  const out = join(place, 'unsafe')

  const refused = await failure(cli(['models', 'convert', ...sources, checkpoint, '--out', out, '--json']))

  expect(refused).toMatchObject({
    code: 'unsafe-file',
    message: expect.stringMatching(/posix\.system.*Nothing was executed/) as string,
  })
  expect(existsSync(out)).toBe(false)
})
