import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import {
  GLOSS_FORMATS,
  GLOSS_LANGUAGES,
  GlossImport,
  type GlossLanguage,
  type GlossSetting,
  TaggerTraining,
} from '#shared/contract/pseudo-gloss.ts'
import { corpusCommand, wholeNumber } from './options.ts'
import { counted, printJson, printTable } from './output.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'

export function addPseudoGlossCommand(program: Command): void {
  const group = program
    .command('pseudo-gloss')
    .description('Pseudo-glosses of the references, as Sign2GPT trains on them')
  corpusCommand(group, 'build', 'Tag the sentences that are not tagged, and show the vocabulary')
    .addOption(new Option('--language <language>').choices(GLOSS_LANGUAGES))
    .option('--tagger <id>', 'id of a tagger; best of the language by default')
    .option('--splits <names>', 'what counts for the vocabulary, separated by commas; all: every split')
    .option('--imported', 'tag again what has imported tags')
    .action(build)
  corpusCommand(
    group,
    'import <files...>',
    'Take tags from CoNLL-U, spaCy JSON, tables or processed_words pickles',
  )
    .addOption(new Option('--format <format>').choices(['auto', ...GLOSS_FORMATS]).default('auto'))
    .option('--source <text>', 'tool and model that made them, for provenance', '')
    .action(importTags)
  corpusCommand(group, 'export <file>', 'Write pseudo-glosses and where they come from')
    .addOption(new Option('--format <format>').choices(['pickle', 'csv', 'json']).default('pickle'))
    .option('--splits <names>', 'sentences of these splits, separated by commas; all by default', '')
    .option('--overwrite', 'replace files of this name')
    .action(exportGlosses)
  corpusCommand(group, 'train-tagger <files...>', 'Train a tagger on treebanks in CoNLL-U')
    .addOption(new Option('--language <language>').choices(GLOSS_LANGUAGES).makeOptionMandatory())
    .requiredOption('--name <name>', 'of the tagger')
    .option('--test <file...>', 'scored and not learnt from; every tenth sentence by default')
    .option('--treebank <text>', 'name and version, for provenance', '')
    .option('--licence <text>', 'of the treebank', '')
    .option('--source <text>', 'address or commit', '')
    .option('--cased', 'keep capitals; for text that has them')
    .option('--rounds <n>', 'over all sentences', wholeNumber(1, 30), 8)
    .action(train)
  corpusCommand(group, 'taggers', 'List the taggers').action(taggers)
}

const namesOf = (text: string): string[] =>
  text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')

interface BuildOptions extends CommonOptions {
  language?: GlossLanguage
  tagger?: string
  splits?: string
  imported?: boolean
}

async function build(options: BuildOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    await saveChoice(api, options)
    await follow(await api.pseudoGloss.tag({ imported: options.imported === true }))
    const effect = await api.pseudoGloss.effect({})
    if (options.json) return printJson(effect)
    const mean = effect.meanPerSentence.toFixed(2)
    printTable([
      ['sentences', `${effect.sentences} (${effect.uniqueSentences} different)`],
      ['vocabulary', String(effect.vocabulary)],
      ['a sentence', `${mean} pseudo-glosses`],
      ['too frequent', effect.frequent.join(' ') || 'none'],
      ['only in other splits', String(effect.leak.onlyOutside)],
    ])
    return undefined
  })
}

/** The choice stays: it is what the screen shows next time. */
async function saveChoice(api: Api, { language, tagger, splits }: BuildOptions): Promise<void> {
  const known = await api.pseudoGloss.setting()
  const isOther = language !== undefined && language !== known.language
  const rule = isOther ? await api.pseudoGloss.defaultRule({ language }) : known.rule
  const wanted: GlossSetting = {
    language: language ?? known.language,
    providerId: tagger ?? (isOther ? null : known.providerId),
    splits: splits === undefined ? known.splits : splits === 'all' ? [] : namesOf(splits),
    rule,
  }
  await api.pseudoGloss.saveSetting(wanted)
}

interface ImportOptions extends CommonOptions {
  format: (typeof GLOSS_FORMATS)[number] | 'auto'
  source: string
}

async function importTags(files: string[], options: ImportOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const { format, source } = options
    const wish = GlossImport.parse({ files: files.map(file => resolve(file)), format, source })
    const job = await follow(await api.pseudoGloss.import(wish))
    const log = await api.job.log({ jobId: job.id })
    const messages = log.filter(({ level }) => level === 'info').map(({ message }) => message)
    if (options.json) return printJson({ messages: messages.toReversed(), warning: job.warning })
    if (job.warning) process.stderr.write(`Warning: ${job.warning}\n`)
    for (const message of messages.toReversed()) process.stdout.write(`${message}\n`)
    return undefined
  })
}

interface ExportOptions extends CommonOptions {
  format: 'pickle' | 'csv' | 'json'
  splits: string
  overwrite?: boolean
}

async function exportGlosses(file: string, options: ExportOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const { format, overwrite = false } = options
    const wish = { file: resolve(file), format, splits: namesOf(options.splits), overwrite }
    const done = await api.pseudoGloss.export(wish)
    if (options.json) return printJson(done)
    process.stdout.write(
      `${counted(done.sentences, 'sentence')} and a vocabulary of ${done.glosses}: ${done.file}\nWhere they come from: ${done.provenance}\n`,
    )
    return undefined
  })
}

interface TrainOptions extends CommonOptions {
  language: GlossLanguage
  name: string
  test?: string[]
  treebank: string
  licence: string
  source: string
  cased?: boolean
  rounds: number
}

async function train(files: string[], options: TrainOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    const { language, name, treebank, licence, source, rounds } = options
    const wish = TaggerTraining.parse({
      language,
      name,
      treebank,
      licence,
      source,
      rounds,
      files: files.map(file => resolve(file)),
      testFiles: (options.test ?? []).map(file => resolve(file)),
      isLowerCase: options.cased !== true,
    })
    const job = await follow(await api.pseudoGloss.train(wish))
    const made = (await api.pseudoGloss.providers()).find(({ id }) => id === job.output)
    if (options.json) return printJson(made)
    if (made?.accuracy) printTable(accuracyRows(made.id, made.accuracy))
    return undefined
  })
}

function accuracyRows(
  id: string,
  accuracy: { pos: number; lemma: number; setF1: number; words: number },
): string[][] {
  return [
    ['tagger', id],
    ['held-out words', String(accuracy.words)],
    ['parts of speech', accuracy.pos.toFixed(4)],
    ['lemmas', accuracy.lemma.toFixed(4)],
    ['set-F1', accuracy.setF1.toFixed(4)],
  ]
}

async function taggers(options: CommonOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const providers = await api.pseudoGloss.providers()
    if (options.json) return printJson({ taggers: providers })
    printTable(
      providers.map(({ id, language, name, setF1, measuredOn, licence }) => [
        id,
        language,
        name,
        setF1 === null ? '–' : setF1.toFixed(3),
        measuredOn,
        licence,
      ]),
    )
    return undefined
  })
}
