/**
 * A tier is edited through the server shell, by the calls that the window makes, while the server is killed with
 * SIGKILL at random moments, also while it starts. After each kill the database is checked and the tier compared with
 * what had been acknowledged. Ends with 1 where a database is corrupt, an acknowledged edit is lost, or the tier is
 * anything but its last acknowledged state or that with the one edit that was under way.
 *
 *   node bench/kills.bench.ts [--kills 200] [--most-ms 2500] [--seed 1]
 *
 * `--most-ms`: a server is killed so long after its first edit at the latest; every tenth is killed while it starts.
 */
import { mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CorpusChange } from '#shared/contract/corpus.ts'
import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { createCorpus } from '#main/core/corpus/open-corpus.ts'
import { createEmitter } from '#main/core/emitter.ts'
import { addRecording, silentLog } from '#main/core/testing/corpus.ts'
import { openDatabase } from '#main/db/open.ts'
import { type Edit, EditedTier, isSameState, type State } from './edited-tier.ts'
import { type Api, connect, type Server, startServer } from './server-client.ts'
import { workFolder } from './work-folder.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    'most-ms': { type: 'string', default: '2500' },
    seed: { type: 'string', default: '1' },
  },
})
const kills = Number(values.kills)
const mostMs = Number(values['most-ms'])
const random = mulberry32(Number(values.seed))

using work = workFolder()
const dataDir = join(work.path, 'data')
mkdirSync(dataDir)

interface Tally {
  acknowledged: number
  /** Edits under way at a kill: those found again, and those that were not. */
  underWay: { kept: number; lost: number }
  /** Kills before the server answered. */
  atStart: number
  corrupt: number
  wrong: number
  kinds: Map<string, number>
}

/** Numbers in [0, 1), the same for the same seed (mulberry32, T. Ettinger). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

async function makeCorpus(): Promise<{ dir: string; recordingId: RecordingId }> {
  const corpus = await createCorpus(
    work.path,
    { name: 'Kills' },
    { log: silentLog, now: Date.now, author: () => 'bench', changes: createEmitter<CorpusChange>() },
  )
  const { recordingId } = addRecording(corpus.context.db)
  const { dir } = corpus.context
  await corpus.close()
  return { dir, recordingId }
}

/** Edits until the process is gone; returns the edit that was under way then. */
async function editUntilEnd(
  api: Api,
  server: Server,
  tier: EditedTier,
  read: () => Promise<State>,
  tally: Tally,
) {
  let isGone = false
  const ended = server.ended.then(() => (isGone = true))
  for (;;) {
    const edit = tier.next()
    const answer = await Promise.race([
      edit.send(api).then(
        () => 'acknowledged' as const,
        (error: unknown) => (isGone || server.process.killed ? 'gone' : Promise.reject(error as Error)),
      ),
      ended.then(() => 'gone' as const),
    ])
    if (answer === 'gone') return edit
    tally.acknowledged += 1
    tally.kinds.set(edit.name, (tally.kinds.get(edit.name) ?? 0) + 1)
    // The ids of new annotations, as the window has them from the answer; the rest is what must be.
    const state = await Promise.race([read().catch(() => null), ended.then(() => null)])
    tier.take(edit, state && isSameState(state, edit.expected) ? state : edit.expected)
    if (state && !isSameState(state, edit.expected)) {
      tally.wrong += 1
      console.log(`${edit.name} made something else than expected`)
    }
    if (!state) return null
  }
}

function isSoundDatabase(dir: string): boolean {
  const db = openDatabase(join(dir, 'corpus.sqlite'), { create: false })
  try {
    const problems = db.pragma('integrity_check', { simple: true })
    return problems === 'ok' && (db.pragma('foreign_key_check') as unknown[]).length === 0
  } finally {
    db.close()
  }
}

/** The tier as it is found again is the last acknowledged one, or that with the edit that was under way. */
function compare(tier: EditedTier, underWay: Edit | null, found: State, tally: Tally): void {
  if (underWay && isSameState(found, underWay.expected) && !isSameState(found, tier.state)) {
    tier.take(underWay, found)
    tally.underWay.kept += 1
    return
  }
  if (underWay) tally.underWay.lost += 1
  if (isSameState(found, tier.state)) return tier.see(found)
  tally.wrong += 1
  console.log(
    `after a kill during ${underWay?.name ?? 'a look'}: ${JSON.stringify({ wanted: tier.state, found })}`,
  )
}

const began = performance.now()
const { dir, recordingId } = await makeCorpus()
const tally: Tally = {
  acknowledged: 0,
  underWay: { kept: 0, lost: 0 },
  atStart: 0,
  corrupt: 0,
  wrong: 0,
  kinds: new Map(),
}
let tier: EditedTier | null = null
let tierId: TierId | null = null
let underWay: Edit | null = null

for (let n = 0; n < kills; n += 1) {
  const isAtStart = n % 10 === 9
  const server = await startServer({ corpus: dir, dataDir }, child => {
    if (isAtStart) setTimeout(() => child.kill('SIGKILL'), random() * mostMs)
  })
  if (server) {
    const { api, close } = await connect(server)
    const read = async (): Promise<State> => {
      const found = await api.annotation.list({ recordingId })
      return found
        .filter(annotation => annotation.tierId === tierId)
        .map(({ id, startMs, endMs, value }) => ({ id, startMs, endMs, value }))
        .sort((a, b) => a.startMs - b.startMs)
    }
    const ended = server.ended.then(() => null)
    tierId ??= (await api.annotation.createTier({ recordingId, name: 'Gloss' })).id
    tier ??= new EditedTier(tierId, random)
    const found = await Promise.race([read().catch(() => null), ended])
    if (found) {
      compare(tier, underWay, found, tally)
      underWay = null
      if (!isAtStart) setTimeout(() => server.process.kill('SIGKILL'), random() * mostMs)
      underWay = await editUntilEnd(api, server, tier, read, tally)
    } else tally.atStart += 1
    await server.ended
    close()
  } else tally.atStart += 1
  if (!isSoundDatabase(dir)) tally.corrupt += 1
  if (n % 20 === 19)
    console.log(`${n + 1} kills, ${tally.acknowledged} edits, ${JSON.stringify(tally.underWay)}`)
}

const last = await startServer({ corpus: dir, dataDir })
if (!last || !tier) throw new Error('The server does not start any more.')
const { api, close } = await connect(last)
const tierOf = async () => (await api.annotation.list({ recordingId })).filter(each => each.tierId === tierId)
compare(
  tier,
  underWay,
  (await tierOf()).toSorted((a, b) => a.startMs - b.startMs),
  tally,
)
const steps = tier.depth
for (let n = 0; n < steps; n += 1) await api.edit.undo()
const left = (await tierOf()).length
close()
last.process.kill('SIGTERM')
await last.ended

console.log(
  `${kills} kills, ${tally.atStart} of them before the server answered, in ${((performance.now() - began) / 1000).toFixed(0)} s; load ${loadavg()[0]?.toFixed(1)}`,
)
console.log(
  `edits acknowledged: ${tally.acknowledged} (${[...tally.kinds].map(([kind, n]) => `${kind} ${n}`).join(', ')})`,
)
console.log(`edits under way at a kill: ${tally.underWay.kept} found again, ${tally.underWay.lost} not`)
console.log(`corrupt databases: ${tally.corrupt}; states that are neither: ${tally.wrong}`)
console.log(`${steps} steps of undo to the empty tier: ${left} annotations left`)
if (tally.corrupt > 0 || tally.wrong > 0 || left > 0) process.exitCode = 1
