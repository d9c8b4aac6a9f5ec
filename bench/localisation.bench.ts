/**
 * Whether a word's attention peaks inside the sign that the word comes from, on the demo corpus, whose
 * sign boundaries are known: through the program's front door, from the video file to `run.explanation`.
 *
 *   node bench/localisation.bench.ts [--bundle DIR] [--split test|dev] [--misses]
 *
 * Content words are the words that carry the meaning of one sign by the grammar of models/toolkit
 * (`words` in resources/demo/signs.json). Left out and counted: words without a sign of their own
 * (articles, prepositions, "und", "es", particles of separable verbs), and words whose sign is not in the
 * clip, which are errors of translation. A word that occurs twice belongs to the first and the second such sign.
 */
import { readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createRouterClient } from '@orpc/server'
import { ModelId } from '#shared/contract/ids.ts'
import { createCore } from '#main/core/core.ts'
import { silentLog } from '#main/core/testing/corpus.ts'
import { workFolder } from './work-folder.ts'

interface Signs {
  fps: number
  clips: Record<string, { signs: { gloss: string; first: number; last: number }[] }>
  words: Record<string, string>
}

const root = resolve(import.meta.dirname, '..')
const { values: flags } = parseArgs({
  options: {
    bundle: { type: 'string', default: join(root, 'models', 'demo') },
    split: { type: 'string' },
    misses: { type: 'boolean', default: false },
  },
})
const signs = JSON.parse(readFileSync(join(root, 'resources', 'demo', 'signs.json'), 'utf8')) as Signs
using work = workFolder()
const dataDir = work.path
const counts = { inside: 0, content: 0, noSign: 0, notInClip: 0, clips: 0 }
await run()

async function run(): Promise<void> {
  const bundle = resolve(flags.bundle)
  const core = await createCore({
    shell: 'test',
    dataDir,
    resourcesDir: join(root, 'resources'),
    modelsDir: resolve(bundle, '..'),
    version: '0.0.0',
    log: silentLog,
    resumeJobs: false,
  })
  try {
    const api = createRouterClient(core.router, { context: {} })
    await api.corpus.demo({ dir: join(dataDir, 'Demo.signwright') })
    const selection = flags.split
      ? ({ kind: 'split', split: flags.split } as const)
      : ({ kind: 'all' } as const)
    const job = await api.job.translate({
      selection,
      modelId: ModelId.parse(basename(bundle)),
      device: 'cpu',
    })
    const ended = await core.settled(job.id, () => {})
    if (ended.state !== 'done') throw new Error(ended.problem ?? ended.state)
    for (const clipId of await api.clip.ids({})) {
      const clip = await api.clip.get({ clipId })
      const best = clip.hypotheses.find(({ runId, rank }) => runId === job.runId && rank === 0)
      if (!best) continue
      const explained = await api.run.explanation({ hypothesisId: best.id })
      if (explained.kind === 'attention') judge(clip.name, best.text, explained.words)
    }
  } finally {
    await core.close()
  }
  const { inside, content, noSign, notInClip, clips } = counts
  console.log(
    `${inside} of ${content} content words peak inside their sign: ${((100 * inside) / content).toFixed(1)} % (${clips} clips)`,
  )
  console.log(
    `left out: ${noSign} words without a sign of their own, ${notInClip} whose sign is not in the clip`,
  )
}

function judge(
  name: string,
  text: string,
  words: readonly { from: number; to: number; peakMs: number }[],
): void {
  const clip = signs.clips[name]
  if (!clip) throw new Error(`No sign boundaries for ${name}`)
  counts.clips += 1
  const used = new Map<string, number>()
  for (const { from, to, peakMs } of words) {
    const word = text.slice(from, to)
    const gloss = signs.words[word]
    if (gloss === undefined) {
      counts.noSign += 1
      continue
    }
    const turn = used.get(gloss) ?? 0
    used.set(gloss, turn + 1)
    const sign = clip.signs.filter(each => each.gloss === gloss)[turn]
    if (!sign) {
      counts.notInClip += 1
      continue
    }
    const [startMs, endMs] = [(1000 * sign.first) / signs.fps, (1000 * (sign.last + 1)) / signs.fps]
    const isInside = peakMs >= startMs && peakMs < endMs
    counts.content += 1
    if (isInside) counts.inside += 1
    else if (flags.misses) console.log(`${name}  ${word}: peak ${peakMs} ms, ${gloss} ${startMs}–${endMs} ms`)
  }
}
