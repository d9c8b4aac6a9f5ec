import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../../core/testing/folders.ts'

const main = join(import.meta.dirname, 'main.ts')

function setup() {
  const place = temporaryFolder()
  const dataDir = join(place, 'data')
  const cli = (...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> =>
    new Promise(resolve => {
      const child = spawn(process.execPath, [main, ...args], {
        env: { ...process.env, SIGNWRIGHT_DATA: dataDir },
      })
      let [stdout, stderr] = ['', '']
      child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
      child.stderr.on('data', (part: Buffer) => (stderr += part.toString()))
      child.once('close', code => resolve({ code, stdout, stderr }))
    })
  async function failure(...args: string[]): Promise<{ code: string; message: string }> {
    const { code, stdout } = await cli(...args, '--json')
    expect(code).toBe(1)
    return (JSON.parse(stdout) as { error: { code: string; message: string } }).error
  }
  return { place, cli, failure }
}

test('a place that is empty, and options of another kind of import, are refused before anything is opened', async () => {
  const { cli } = setup()
  const wrong = [
    [['import', '', '--corpus', 'c'], 'an argument is empty'],
    [['jobs', '--corpus', ''], '--corpus is empty'],
    [['import', 'a.txt', '--corpus', 'c', '--run', 'A'], '--run belongs to outputs of other systems'],
    [['import', 'a.txt', '--corpus', 'c', '--make-clips'], '--make-clips belongs to outputs'],
    [
      ['import', 'a.json', '--corpus', 'c', '--format', 'json', '--sentences', 'S'],
      'add --format annotations',
    ],
    [['import', 'a.eaf', '--corpus', 'c', '--table', 't.csv'], '--table belongs to videos and tables'],
    [['rights', '--corpus', 'c', '--valid-until', '2030-02-31'], 'It is a day such as'],
    [['rights', '--corpus', 'c', '--remove', 'abc'], 'It is a whole number'],
    [['export', '--corpus', 'c', '--out', 'o', '--release', '1'], 'three numbers such as 1.0.0'],
    [['serve', '--token', ''], 'It must not be empty'],
  ] as const
  const ended = await Promise.all(wrong.map(([args]) => cli(...args)))
  expect(ended).toEqual(
    wrong.map(([, reason]) => ({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(reason) as string,
    })),
  )
})

test('a backup goes back into its own corpus only, and is listed where the corpus is damaged', async () => {
  const { place, cli, failure } = setup()
  const [one, other] = [join(place, 'one.signwright'), join(place, 'other.signwright')]
  for (const dir of [one, other]) await cli('create', dir, '--name', 'N')
  const file = (await cli('backup', '--corpus', one)).stdout.trim()

  expect(await failure('restore', file, '--corpus', other)).toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(`no backup of the corpus ${other}`) as string,
  })
  writeFileSync(join(one, 'corpus.sqlite'), 'damaged')
  expect((await cli('restore', '--corpus', one)).stdout).toContain(file)
  expect((await cli('restore', file, '--corpus', one)).stdout).toBe(`${one}: restored, 0 clips\n`)
})

test('names that are too long, and names that nothing has, are told as such', async () => {
  const { place, cli, failure } = setup()
  expect(await failure('create', place, '--name', 'ä'.repeat(200))).toMatchObject({
    code: 'invalid-input',
    message: expect.stringContaining('too long') as string,
  })
  const corpus = join(place, 'c.signwright')
  await cli('create', corpus, '--name', 'C')
  const out = ['export-annotations', '--corpus', corpus, '--out', join(place, 'out')]
  expect(await failure(...out, '--recording', 'nobody')).toMatchObject({ code: 'not-found' })
  expect(await failure(...out)).toMatchObject({ message: expect.stringContaining('no recordings') as string })
})

test('a comparison with a baseline is told in the table, too', async () => {
  const { place, cli } = setup()
  const write = (name: string, text: string) => (writeFileSync(join(place, name), text), join(place, name))
  const ref = write('ref', 'the sun shines today\nit rains in the north\n')
  const hyp = write('hyp', 'the sun shines today\nit rains in the north\n')
  const old = write('old', 'the sun is out today\nit rains in the south\n')
  const { stdout } = await cli('score', hyp, ref, '--baseline', old, '--metrics', 'chrf')
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^chrF2 +100\.00 /),
    `against ${old}`,
    expect.stringMatching(/^chrF2 +\d+\.\d\d {2}\+\d+\.\d\d {2}p = 0\.\d{4} /),
    '',
  ])
})
