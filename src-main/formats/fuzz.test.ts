import { expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { ANNOTATION_EXTENSIONS, planAnnotations, readAnnotations } from './convert.ts'
import { CHAT } from './testing/chat-fixture.ts'
import { EAF } from './testing/eaf-fixture.ts'
import { FLEX } from './testing/flex-fixture.ts'
import { forget } from './testing/forget.ts'
import { type Mutant, mutate, randomFrom } from './testing/mutate.ts'
import { realFiles } from './testing/real-files.ts'

const CASES = Number(process.env['SIGNWRIGHT_FUZZ'] ?? 300)
const SEED = Number(process.env['SIGNWRIGHT_FUZZ_SEED'] ?? 1)

/** Large files show nothing that small ones do not, and take minutes. */
const MAX_BYTES = 200_000

const OWN = [
  { name: 'own.eaf', bytes: Buffer.from(EAF) },
  {
    name: 'own.srt',
    bytes: Buffer.from(
      '1\n00:00:01,000 --> 00:00:02,000\n<i>one</i>\ntwo\n\n2\n00:00:02,500 --> 00:00:03,000\nthree\n',
    ),
  },
  {
    name: 'own.vtt',
    bytes: Buffer.from(
      'WEBVTT\n\nNOTE x\n\na\n00:01.000 --> 00:02.000 line:0\n<v A>one &amp; <b>two</b>\n\n00:02.000 --> 00:03.000\nthree\n',
    ),
  },
  { name: 'own.cha', bytes: Buffer.from(CHAT) },
  { name: 'own.flextext', bytes: Buffer.from(FLEX) },
  { name: 'own.csv', bytes: Buffer.from('tier,start_ms,end_ms,value\nA,0,10,"x ""y"""\nB,5,7,z\n') },
  { name: 'own.tsv', bytes: Buffer.from('tier\tstart_ms\tend_ms\tvalue\nA\t0\t10\tx\n') },
  {
    name: 'own.json',
    bytes: Buffer.from(
      '{"format":"signwright-annotations","version":1,"tiers":[{"name":"A","annotations":[{"startMs":1,"endMs":2,"value":"x"}]}]}',
    ),
  },
]

const sources = [
  ...OWN,
  ...realFiles(...ANNOTATION_EXTENSIONS).filter(({ bytes }) => bytes.length <= MAX_BYTES),
]

const TARGETS = ['.eaf', '.json', '.vtt', '.srt', '.TextGrid', '.cha', '.flextext', '.csv']

/** Losses that readers tell: they are gone before the comparison begins. */
const TOLD_BY_READERS = new Set([
  'eaf-elements',
  'eaf-attributes',
  'eaf-text',
  'eaf-comments',
  'cue-formatting',
  'cue-settings',
  'vtt-notes',
  'vtt-styles',
  'vtt-regions',
  'vtt-header',
  'stray-text',
  'more-columns',
  'rows',
  'more-at-the-end',
  'chat-remarks',
  'chat-inner-marks',
  'flex-texts',
  'flex-paragraphs',
  'flex-ids',
  'flex-attributes',
  'flex-elements',
  'flex-media',
])

/** Reads a broken file; writes it in its own format and in another one, and reads both again. */
function tryOut({ name, bytes }: Mutant, target: string): void {
  let read: ReturnType<typeof readAnnotations>
  try {
    read = readAnnotations(bytes, name)
  } catch (error) {
    if (!(error instanceof AppError) || !error.message.includes(name)) throw error
    return
  }
  for (const { line, message, repair } of read.defects)
    expect([line >= 0, message.length > 0, repair.length > 0]).toEqual([true, true, true])
  const again = readAnnotations(read.rewrite(), name)
  expect(again.document.tiers).toEqual(read.document.tiers)
  const { losses, write } = planAnnotations({ ...read, rewrite: () => bytes }, 'x.none', `x${target}`)
  const codes = losses.map(({ code }) => code).filter(code => !TOLD_BY_READERS.has(code))
  const back = readAnnotations(write(), `x${target}`).document
  const values = (document: typeof back) =>
    forget(document, [...codes, 'tier-names', 'id-renamed']).tiers.flatMap(tier =>
      tier.annotations.map(({ value, startMs, endMs }) => ({ value, startMs, endMs })),
    )
  expect(sorted(values(back))).toEqual(sorted(values(read.document)))
}

function sorted(values: object[]): string[] {
  return values.map(value => JSON.stringify(value)).sort()
}

test(
  `survives ${CASES} broken files without a crash, a hang or a silent loss`,
  { timeout: 60_000 + CASES * 2000 },
  () => {
    const outcomes: string[] = []
    let slowest = 0
    for (let i = 0; i < CASES; i++) {
      const random = randomFrom(SEED * 1_000_003 + i)
      const source = sources[Math.floor(random() * sources.length)]!
      const mutant = mutate(source, random)
      const startedAt = process.cpuUsage().user
      try {
        tryOut(mutant, TARGETS[i % TARGETS.length]!)
      } catch (error) {
        outcomes.push(
          `case ${i} (${source.name}, ${mutant.how} → ${TARGETS[i % TARGETS.length]!}): ${error instanceof Error ? (error.stack ?? error.message).slice(0, 1500) : String(error)}`,
        )
      }
      slowest = Math.max(slowest, (process.cpuUsage().user - startedAt) / 1000)
    }
    expect(outcomes.slice(0, 5)).toEqual([])
    expect(slowest).toBeLessThan(5000)
  },
)
