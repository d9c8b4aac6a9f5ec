import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { GlossToTextInput } from '#shared/contract/gloss-to-text.ts'
import type { ClipId, HypothesisId } from '#shared/contract/ids.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createJobService } from '../job/job.service.ts'
import { createExplanationService } from '../run/explanation.service.ts'
import { createRunService } from '../run/run.service.ts'
import { addClip, addRecording, testContext } from '../testing/corpus.ts'
import { type ApiKeys, environmentKeys } from './api-keys.ts'
import type { ChatRequest } from './chat-client.ts'
import { createGlossToTextService } from './gloss-to-text.service.ts'
import { runGlossToText } from './gloss-to-text-job.ts'

interface Asked {
  body: ChatRequest
  key: string | undefined
}
type Answer = (response: ServerResponse, asked: Asked, time: number) => void

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
})

/** A server that answers as the test says, and remembers what it was asked. */
async function serve(answer: Answer) {
  const asked: Asked[] = []
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const body = JSON.parse(Buffer.concat(parts).toString()) as ChatRequest
    const question = { body, key: request.headers.authorization }
    asked.push(question)
    answer(response, question, asked.length)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  })
  return { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked }
}

const glossesIn = ({ body }: Asked) => body.messages.at(-1)!.content
const good: Answer = (response, question) => {
  const content = `Satz zu ${glossesIn(question)}`
  response.end(JSON.stringify({ choices: [{ message: { role: 'assistant', content } }] }))
}
const status =
  (code: number, headers: Record<string, string> = {}): Answer =>
  response =>
    response.writeHead(code, headers).end('{"error": {"message": "no"}}')

/** Four training clips, and three test clips, of which the last has no glosses. */
function setup(endpoint: string, keys: ApiKeys = environmentKeys({})) {
  const context = testContext()
  const { db } = context
  const place = addRecording(db)
  const add = (name: string, split: string, gloss: string, text: string) =>
    addClip(db, place, { name, split, gloss, references: [text] })
  for (const at of [1, 2, 3, 4]) add(`train-${at}`, 'train', `LERNEN ${at}`, `gelernt ${at}`)
  const tests = [
    add('test-1', 'test', 'MORGEN REGEN', 'morgen regnet es'),
    add('test-2', 'test', 'NORD WIND', 'im norden weht wind'),
    add('test-3', 'test', '', 'ohne glossen'),
  ]
  const runs = createRunService(context, createEditing(context))
  const jobs = createJobService(context, {
    'gloss-to-text': {
      lane: 'network',
      runItem: (job, item, control) => runGlossToText(context, { keys, pauseMs: 1 }, { job, item, control }),
    },
  })
  closers.push(() => jobs.close())
  const service = createGlossToTextService(context, { jobs, runs, glossEndpoint: () => endpoint, keys })
  const outputs = () =>
    db
      .prepare('SELECT clip.name, text FROM hypothesis JOIN clip ON clip.id = clip_id ORDER BY clip.name')
      .all()
  return { context, db, service, jobs, runs, tests, outputs }
}

function wish(clipIds: ClipId[], changes: Partial<GlossToTextInput> = {}): GlossToTextInput {
  return GlossToTextInput.parse({
    selection: { kind: 'ids', clipIds },
    model: 'tiny-llm',
    language: 'German',
    system: 'Write {language}.',
    template: '{glosses}',
    examples: 2,
    tries: 3,
    ...changes,
  })
}

test('a run of the task G2T holds the answers, the settings and the examples, which are of the training split', async () => {
  const { endpoint, asked } = await serve(good)
  const { service, jobs, runs, tests, outputs } = setup(endpoint)
  const started = await service.start(wish(tests))
  const job = await jobs.settled(started.id)
  expect(job).toMatchObject({ state: 'done', itemsDone: 2, itemsFailed: 0 })
  expect(outputs()).toEqual([
    { name: 'test-1', text: 'Satz zu MORGEN REGEN' },
    { name: 'test-2', text: 'Satz zu NORD WIND' },
  ])
  const [run] = runs.list()
  expect(run).toMatchObject({ task: 'G2T', kind: 'gloss-to-text', modelName: 'tiny-llm', clips: 2 })
  const examples = run!.parameters['inContextExamples'] as { clip: string; glosses: string; text: string }[]
  expect(run!.parameters).toMatchObject({ host: new URL(endpoint).host, seed: 1, template: '{glosses}' })
  expect(examples.every(({ clip }) => clip.startsWith('train-'))).toBe(true)
  const [first, second] = examples
  expect(asked[0]!.body).toEqual({
    model: 'tiny-llm',
    messages: [
      { role: 'system', content: 'Write German.' },
      { role: 'user', content: first!.glosses },
      { role: 'assistant', content: first!.text },
      { role: 'user', content: second!.glosses },
      { role: 'assistant', content: second!.text },
      { role: 'user', content: 'MORGEN REGEN' },
    ],
    temperature: 0,
    seed: 1,
    max_tokens: 256,
    stream: false,
  })
  // Newest first.
  const log = jobs
    .log(job.id)
    .filter(({ clip }) => clip === 'test-1')
    .toReversed()
  expect(log.map(({ message }) => message)).toEqual([
    `Asked ${endpoint}/chat/completions: ${JSON.stringify(asked[0]!.body)}`,
    'Answered: Satz zu MORGEN REGEN',
  ])
})

test('an answer says that it was read from glosses, where others show what they looked at', async () => {
  const { endpoint } = await serve(good)
  const { context, service, jobs, tests, db } = setup(endpoint)
  await jobs.settled((await service.start(wish(tests))).id)
  const hypothesisId = db.prepare('SELECT min(id) FROM hypothesis').pluck().get() as HypothesisId
  expect(createExplanationService(context).explanation(hypothesisId)).toEqual({
    kind: 'glosses',
    hypothesisId,
  })
})

test('a training clip is never shown its own sentence', async () => {
  const { endpoint, asked } = await serve(good)
  const { service, jobs, db } = setup(endpoint)
  const train = db.prepare(`SELECT id FROM clip WHERE split = 'train'`).pluck().all() as ClipId[]
  await jobs.settled((await service.start(wish(train, { examples: 3 }))).id)
  expect(asked).toHaveLength(4)
  for (const question of asked) {
    const own = glossesIn(question)
    const examples = question.body.messages.slice(1, -1).filter(({ role }) => role === 'user')
    expect(examples).toHaveLength(3)
    expect(examples.some(({ content }) => content === own)).toBe(false)
  }
})

test('busy, broken and silent servers and dropped connections are asked again', async () => {
  const troubles: Answer[] = [
    status(429, { 'retry-after': '0' }),
    status(500),
    response => response.destroy(),
    () => {},
  ]
  const { endpoint, asked } = await serve((response, question, time) =>
    (troubles[time - 1] ?? good)(response, question, time),
  )
  const { service, jobs, tests, outputs } = setup(endpoint)
  const job = await jobs.settled((await service.start(wish(tests, { tries: 5, timeoutSeconds: 1 }))).id)
  expect(job.state).toBe('done')
  expect(asked).toHaveLength(6)
  expect(outputs()).toHaveLength(2)
  const told = jobs
    .log(job.id)
    .filter(({ level }) => level === 'warning')
    .toReversed()
  expect(told.map(({ message }) => message.split('. ')[0])).toEqual([
    'The server is busy or broken (status 429)',
    'The server is busy or broken (status 500)',
    expect.stringContaining('The connection failed'),
    'No whole answer came in 1 s',
  ])
})

test('a server that stays away stops the job, and going on asks only for what is missing', async () => {
  let isThere = false
  const { endpoint, asked } = await serve((response, question, time) =>
    time === 1 || isThere ? good(response, question, time) : status(503)(response, question, time),
  )
  const { service, jobs, tests, outputs } = setup(endpoint)
  const input = wish(tests)
  const job = await jobs.settled((await service.start(input)).id)
  expect(job).toMatchObject({ state: 'failed', problem: expect.stringContaining('Retry'), itemsDone: 1 })
  expect(asked).toHaveLength(4)
  isThere = true
  const again = await service.start(input)
  expect(again.id).toBe(job.id)
  expect(await jobs.settled(again.id)).toMatchObject({ state: 'done', itemsDone: 2 })
  expect(asked).toHaveLength(5)
  expect(outputs()).toHaveLength(2)
})

test('wrong answers fail their clip and harm no other', async () => {
  const { endpoint } = await serve((response, question, time) => {
    if (glossesIn(question).startsWith('NORD')) return good(response, question, time)
    response.end(
      ['<html>busy</html>', '{"choices": []}', '{"choices": [{"message": {"content": " "}}]}'][time - 1],
    )
  })
  const { service, jobs, tests, outputs } = setup(endpoint)
  const job = await jobs.settled((await service.start(wish(tests))).id)
  expect(job).toMatchObject({ state: 'done', itemsDone: 1, itemsFailed: 1 })
  expect(outputs()).toEqual([{ name: 'test-2', text: 'Satz zu NORD WIND' }])
})

test('a refused key and an unknown model stop the job at the first question', async () => {
  for (const code of [401, 404]) {
    const { endpoint, asked } = await serve(status(code))
    const { service, jobs, tests } = setup(endpoint)
    const job = await jobs.settled((await service.start(wish(tests))).id)
    expect(job.state).toBe('failed')
    expect(asked).toHaveLength(1)
  }
})

test('text follows no redirect', async () => {
  const elsewhere = await serve(good)
  const { endpoint } = await serve(status(307, { location: `${elsewhere.endpoint}/chat/completions` }))
  const { service, jobs, tests } = setup(endpoint)
  const job = await jobs.settled((await service.start(wish(tests))).id)
  expect(job).toMatchObject({ state: 'failed', problem: expect.stringContaining(elsewhere.endpoint) })
  expect(elsewhere.asked).toEqual([])
})

test('cancelling ends a question that is being waited for', async () => {
  const waiting = Promise.withResolvers<void>()
  const { endpoint } = await serve(() => waiting.resolve())
  const { service, jobs, tests, outputs } = setup(endpoint)
  const { id } = await service.start(wish(tests))
  await waiting.promise
  await jobs.cancel(id)
  expect(jobs.get(id).state).toBe('cancelled')
  expect(outputs()).toEqual([])
})

test('the key goes into the header and nowhere else', async () => {
  const { endpoint, asked } = await serve(good)
  const secret = 'sk-very-secret'
  const { service, jobs, tests, db } = setup(endpoint, environmentKeys({ SIGNWRIGHT_API_KEY: secret }))
  expect(await service.key()).toEqual({ place: 'environment', variable: 'SIGNWRIGHT_API_KEY', hasKey: true })
  await expect(service.saveKey('other')).rejects.toMatchObject({ code: 'not-permitted' })
  await jobs.settled((await service.start(wish(tests))).id)
  expect(asked[0]!.key).toBe(`Bearer ${secret}`)
  const kept = ['job', 'job_log', 'run', 'model'].flatMap(table => db.prepare(`SELECT * FROM ${table}`).all())
  expect(JSON.stringify(kept)).not.toContain(secret)
})

test('nothing is asked of another machine before the user has agreed to its very host', async () => {
  const address = 'https://llm.example.org/v1'
  const { service, jobs, tests } = setup(address)
  expect(service.preview(wish(tests))).toMatchObject({
    host: 'llm.example.org',
    isLocal: false,
    clips: 2,
    withoutGlosses: 1,
  })
  for (const agreedHost of [undefined, 'other.example.org'])
    await expect(service.start(wish(tests, { agreedHost }))).rejects.toMatchObject({
      code: 'not-permitted',
      details: { host: 'llm.example.org' },
    })
  expect(jobs.list()).toEqual([])
})

test('it is off until a server is named, and a key never crosses a network in the clear', async () => {
  const off = setup('')
  await expect(off.service.start(wish(off.tests))).rejects.toMatchObject({ code: 'not-permitted' })
  const open = setup('http://llm.example.org/v1', environmentKeys({ SIGNWRIGHT_API_KEY: 'sk' }))
  const agreed = wish(open.tests, { agreedHost: 'llm.example.org' })
  await expect(open.service.start(agreed)).rejects.toMatchObject({ code: 'not-permitted' })
})

test('examples come from the training split or not at all', async () => {
  const { service, tests } = setup('http://127.0.0.1:9/v1')
  expect(() => service.preview(wish(tests, { examples: 5 }))).toThrow(
    expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('"train"') }),
  )
})
