/**
 * Pseudo-glosses of each tagger against treebanks: set-F1 over the kept lemmas of each sentence (Chinese: words), by the
 * rule of Sign2GPT; trained taggers learn from the dev splits and are scored once on the test splits. Speed is in words
 * a second of processor time, the fastest of some rounds.
 *
 *   node bench/pseudo-gloss.bench.ts [--treebanks ../shared/corpora/ud]
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'
import { type ConlluSentence, readConllu } from '#main/formats/conllu.ts'
import { createJiebaTagger } from '#main/language/chinese-jieba.ts'
import { createWinkTagger } from '#main/language/english-wink.ts'
import { createGermanLexicon } from '#main/language/german-lexicon.ts'
import { measureModel, measureTagger } from '#main/language/measure.ts'
import { taggerBytes } from '#main/language/tagger-file.ts'
import type { Tagger } from '#main/language/token.ts'
import { learn } from '#main/language/train-tagger.ts'
import { createTrainedTagger, type TaggerModel } from '#main/language/trained-tagger.ts'

const { values } = parseArgs({
  options: { treebanks: { type: 'string', default: join(import.meta.dirname, '../../shared/corpora/ud') } },
})
const dir = values.treebanks
if (!existsSync(dir)) {
  process.stderr.write(`The treebanks are not in ${dir}. Name their folder with --treebanks.\n`)
  process.exit(2)
}

const ROUNDS = 8
const SPEED_ROUNDS = 5

const treebank = (name: string): ConlluSentence[] => [
  ...readConllu(readFileSync(join(dir, `${name}.conllu`), 'utf8'), name),
]

/** Of the processor: other programs on the machine do not count. */
function wordsPerSecond(tag: Tagger, sentences: readonly ConlluSentence[]): number {
  let best = 0
  for (let round = 0; round < SPEED_ROUNDS; round++) {
    const began = process.cpuUsage()
    const words = sentences.reduce((sum, { text }) => sum + tag(text).length, 0)
    best = Math.max(best, words / (process.cpuUsage(began).user / 1e6))
  }
  return best
}

interface Row {
  name: string
  test: string
  language: GlossLanguage
  tag: Tagger
  model?: TaggerModel
  /** set-F1 on the treebank's own words (German) or on text (the others). */
  required?: number
}

const failures: string[] = []

function report({ name, test, language, tag, model, required }: Row): void {
  const sentences = treebank(test)
  const onText = measureTagger(tag, sentences, language).setF1
  const accuracy = model ? measureModel(model, sentences) : null
  const speed = wordsPerSecond(tag, sentences)
  const judged = language === 'de' && accuracy ? accuracy.setF1 : onText
  if (required !== undefined && judged < required)
    failures.push(`${name} on ${test}: set-F1 ${judged.toFixed(4)}, required ${required}`)
  if (speed < 50_000) failures.push(`${name}: ${Math.round(speed)} words a second, required 50,000`)
  const share = (value: number | undefined) => (value === undefined ? '–' : (value * 100).toFixed(1))
  const cells = [
    name,
    test,
    share(accuracy?.pos),
    share(accuracy?.lemma),
    share(accuracy?.setF1),
    share(onText),
  ]
  console.log([...cells, String(Math.round(speed / 1000))].join('\t'))
}

console.log(
  ['tagger', 'test', 'UPOS', 'lemma', 'set-F1, gold words', 'set-F1, text', '1,000 words/s'].join('\t'),
)
const trained = (language: GlossLanguage, split: string) => {
  const sentences = treebank(split)
  const began = process.cpuUsage()
  const model = learn({ language, isLowerCase: true, rounds: ROUNDS }, sentences)
  const seconds = process.cpuUsage(began).user / 1e6
  const words = sentences.reduce((sum, each) => sum + each.words.length, 0)
  const kilobytes = Math.round(taggerBytes(model).length / 1000)
  console.log(
    `# ${split}: ${words} words, trained in ${seconds.toFixed(1)} s of processor time, ${kilobytes} kB`,
  )
  return { name: `own, ${split}`, language, tag: createTrainedTagger(model), model }
}

const german = trained('de', 'de_gsd-ud-dev')
report({ ...german, test: 'de_gsd-ud-test', required: 0.81 })
report({ ...german, test: 'de_pud-ud-test' })
report({ name: 'lexicon', language: 'de', tag: createGermanLexicon(), test: 'de_gsd-ud-test' })
report({ ...trained('en', 'en_ewt-ud-dev'), test: 'en_ewt-ud-test' })
report({ name: 'wink', language: 'en', tag: createWinkTagger(), test: 'en_ewt-ud-test', required: 0.91 })
const chinese = trained('zh', 'zh_gsdsimp-ud-dev')
report({ ...chinese, test: 'zh_gsdsimp-ud-test' })
report({ ...chinese, test: 'zh_cfl-ud-test' })
const jieba = createJiebaTagger()
report({ name: 'jieba', language: 'zh', tag: jieba, test: 'zh_gsdsimp-ud-test', required: 0.69 })
report({ name: 'jieba', language: 'zh', tag: jieba, test: 'zh_cfl-ud-test' })

for (const failure of failures) process.stderr.write(`${failure}\n`)
process.exitCode = failures.length === 0 ? 0 : 1
