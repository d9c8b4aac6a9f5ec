import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signwright } from './command-line.ts'

export interface DemoClip {
  name: string
  reference: string
}

/** Clips of the demo corpus that have a reference; none of its cells is quoted. */
function demoClips(): DemoClip[] {
  const table = readFileSync(new URL('../resources/demo/references.csv', import.meta.url), 'utf8')
  return table
    .trim()
    .split('\n')
    .slice(1)
    .map(line => line.split(','))
    .map(([name = '', , , , reference = '']) => ({ name, reference }))
}

const reordered = (sentence: string, at: number) =>
  at % 3 === 0 ? `${sentence.split(' ').slice(0, -1).toReversed().join(' ')} .` : sentence

/**
 * What three systems make of a sentence. `careless` begins with a capital, ends without a full stop and loses every
 * second first word; `tidy` and `copy` say the same, so that one pair has nothing to test.
 */
const SYSTEMS: Record<string, (sentence: string, at: number) => string> = {
  tidy: reordered,
  careless: (sentence, at) => {
    const words = sentence.replace(/ \.$/, '').split(' ')
    const kept = words.slice(at % 2).join(' ')
    return kept.charAt(0).toUpperCase() + kept.slice(1)
  },
  copy: reordered,
}

/** The demo corpus with the outputs of three made-up systems. */
export function makeRivalCorpus(dataDir: string): { corpus: string; clips: DemoClip[] } {
  const corpus = join(dataDir, 'Rivals.signwright')
  const clips = demoClips()
  must(dataDir, 'demo', corpus)
  for (const [name, output] of Object.entries(SYSTEMS)) {
    const file = join(dataDir, `${name}.txt`)
    writeFileSync(file, clips.map((clip, at) => `${clip.name}|${output(clip.reference, at)}\n`).join(''))
    must(dataDir, 'import', file, '--format', 'predictions', '--corpus', corpus, '--run', name)
  }
  return { corpus, clips }
}

function must(dataDir: string, ...args: string[]): void {
  const { status, stderr } = signwright(dataDir, ...args)
  if (status !== 0) throw new Error(`signwright ${args.join(' ')} ended with ${status}: ${stderr}`)
}
