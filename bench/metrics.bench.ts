/**
 * BLEU, chrF and TER of 100,000 made-up sentence pairs, beside sacreBLEU in the same run.
 *
 *     node bench/metrics.bench.ts [segments]      SIGNWRIGHT_PYTHON=…/python that has sacrebleu
 *
 * Each metric runs in a process of its own on both sides, one core each, so that peak memory is its own.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { metricFrom } from '../src-main/metrics/metric-names.ts'
import { workFolder } from './work-folder.ts'

const METRICS = ['bleu', 'chrf', 'ter'] as const
type MetricName = (typeof METRICS)[number]

interface Measured {
  seconds: number
  /** On a processor: what a machine that others use at the same time needs by itself. */
  processorSeconds: number
  peakMegabytes: number
  score: number
  signature: string
}

const PYTHON = `
import json, resource, sys, time
from sacrebleu.metrics import BLEU, CHRF, TER
read = lambda path: open(path, encoding="utf-8", newline="\\n").read().split("\\n")[:-1]
hyp, ref = read(sys.argv[2]), read(sys.argv[3])
metric = {"bleu": BLEU, "chrf": CHRF, "ter": TER}[sys.argv[1]]()
start, busy = time.perf_counter(), time.process_time()
score = metric.corpus_score(hyp, [ref])
seconds, busy = time.perf_counter() - start, time.process_time() - busy
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "processorSeconds": busy, "peakMegabytes": peak, "score": score.score, "signature": str(metric.get_signature())}))
`

/** A small generator with a fixed seed (mulberry32), so that every run scores the same text. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

const SYLLABLES =
  'ge wit ter son ne wol ken re gen schnee im den al pen süd nord os west mor gen heu te nacht tag grad mi nus kühl warm frisch stür misch bö en ne bel fel der auf lo cke rung hoch druck tief front zieht kommt bleibt wird es'.split(
    ' ',
  )

/** Sentences of 5 to 18 words from a Zipf-like vocabulary, and outputs that drop, swap, replace and move words. */
function makeCorpus(segments: number): { hypotheses: string[]; references: string[] } {
  const random = seeded(7)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!
  const vocabulary = Array.from({ length: 4000 }, () =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(SYLLABLES)).join(''),
  )
  const word = () => vocabulary[Math.floor(vocabulary.length * random() ** 3)]!
  const references: string[] = []
  const hypotheses: string[] = []
  for (let i = 0; i < segments; i++) {
    const reference = Array.from({ length: 5 + Math.floor(random() * 13) }, word)
    const hypothesis = reference.filter(() => random() > 0.1).map(w => (random() < 0.25 ? word() : w))
    if (random() < 0.4) {
      const moved = hypothesis.splice(Math.floor(random() * hypothesis.length), 1 + Math.floor(random() * 3))
      hypothesis.splice(Math.floor(random() * (hypothesis.length + 1)), 0, ...moved)
    }
    references.push(`${reference.join(' ')}.`)
    hypotheses.push(`${hypothesis.join(' ')}.`)
  }
  return { hypotheses, references }
}

const readLines = (path: string) => readFileSync(path, 'utf8').split('\n').slice(0, -1)

function measureHere(name: MetricName, hypothesisFile: string, referenceFile: string): Measured {
  const hypotheses = readLines(hypothesisFile)
  const references = readLines(referenceFile).map(line => [line])
  const metric = metricFrom(name)
  const start = performance.now()
  const before = process.cpuUsage()
  const [table] = metric.tables([hypotheses], references)
  const { score, signature } = metric.aggregate(table!)
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(before)
  return {
    seconds,
    processorSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    score,
    signature,
  }
}

function run(command: string, args: string[]): Measured {
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 20 }))
}

function main(segments: number): void {
  using work = workFolder()
  const folder = work.path
  const { hypotheses, references } = makeCorpus(segments)
  const files = [join(folder, 'hyp.txt'), join(folder, 'ref.txt')]
  writeFileSync(files[0]!, hypotheses.map(line => `${line}\n`).join(''))
  writeFileSync(files[1]!, references.map(line => `${line}\n`).join(''))
  const python = process.env['SIGNWRIGHT_PYTHON'] ?? 'python3'
  const hasPeer = spawnSync(python, ['-c', 'import sacrebleu']).status === 0
  if (!hasPeer) console.log(`${python} has no sacrebleu (set SIGNWRIGHT_PYTHON): only our side is measured.`)
  const rows = METRICS.map(metric => {
    const ours = run(process.execPath, [import.meta.filename, '--one', metric, ...files])
    const peer = hasPeer ? run(python, ['-c', PYTHON, metric, ...files]) : undefined
    return { metric, ours, peer }
  })
  report(segments, rows)
}

function report(
  segments: number,
  rows: { metric: string; ours: Measured; peer: Measured | undefined }[],
): void {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
  console.table(
    rows.map(row => ({
      metric: row.metric,
      'Signwright s': row.ours.seconds.toFixed(2),
      'sacreBLEU s': row.peer?.seconds.toFixed(2) ?? '–',
      'Signwright processor s': row.ours.processorSeconds.toFixed(2),
      'sacreBLEU processor s': row.peer?.processorSeconds.toFixed(2) ?? '–',
      ratio: row.peer ? (row.peer.processorSeconds / row.ours.processorSeconds).toFixed(1) : '–',
      'Signwright MB': row.ours.peakMegabytes.toFixed(0),
      'sacreBLEU MB': row.peer?.peakMegabytes.toFixed(0) ?? '–',
      score: row.ours.score.toFixed(4),
      'same score':
        row.peer === undefined ||
        (Math.abs(row.peer.score - row.ours.score) < 1e-10 && row.peer.signature === row.ours.signature),
    })),
  )
  const busy = (side: 'ours' | 'peer') => sum(rows.map(row => row[side]?.processorSeconds ?? Number.NaN))
  const ratio = rows.every(row => row.peer)
    ? `, sacreBLEU ${busy('peer').toFixed(1)} s, ratio ${(busy('peer') / busy('ours')).toFixed(1)}`
    : ''
  console.log(
    `${segments} segments, BLEU + chrF + TER, processor time: ${busy('ours').toFixed(2)} s${ratio}; load ${loadavg()[0]?.toFixed(1)}`,
  )
}

const [flag, ...rest] = process.argv.slice(2)
if (flag === '--one') console.log(JSON.stringify(measureHere(rest[0] as MetricName, rest[1]!, rest[2]!)))
else main(Number(flag ?? 100_000))
