import type { Command } from 'commander'
import { DEFAULT_SYSTEM, DEFAULT_TEMPLATE } from '#shared/domain/gloss-prompt.ts'
import { KEY_VARIABLE } from '../../core/gloss-to-text/api-keys.ts'
import { corpusCommand, realNumber, wholeNumber } from './options.ts'
import { printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'
import { finishWork, outputsOf, selectionOf } from './work-commands.ts'

const MOST = { examples: 20, tokens: 4096, seconds: 600, tries: 10, temperature: 2, seed: 2 ** 31 - 1 }

export function addGlossToTextCommand(program: Command): void {
  corpusCommand(
    program,
    'gloss-to-text',
    `Turn glosses into sentences through an OpenAI-compatible server, as a new run. A key comes from ${KEY_VARIABLE}`,
  )
    .requiredOption('--model <name>', 'as the server knows it')
    .requiredOption('--language <name>', 'of the sentences, in words that the model reads, e.g. German')
    .option(
      '--endpoint <url>',
      'the server, e.g. http://127.0.0.1:11434/v1; remembered, and that of the settings unless stated',
    )
    .option('--agree <host>', 'glosses and example sentences may leave this machine for this host')
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--gloss-tier <name>', 'the tier that holds the glosses; those of the clips unless stated')
    .option('--examples <n>', 'in each prompt, from the split train', wholeNumber(0, MOST.examples), 4)
    .option('--system <text>', 'said first; {language} is replaced', DEFAULT_SYSTEM)
    .option('--template <text>', 'said for each clip; {glosses} is replaced', DEFAULT_TEMPLATE)
    .option('--seed <n>', 'of the choice of examples, and sent along', wholeNumber(0, MOST.seed), 1)
    .option('--temperature <t>', 'of sampling', realNumber(0, MOST.temperature), 0)
    .option('--max-tokens <n>', 'of an answer', wholeNumber(1, MOST.tokens), 256)
    .option('--timeout <seconds>', 'for one answer', wholeNumber(1, MOST.seconds), 60)
    .option('--tries <n>', 'of one question', wholeNumber(1, MOST.tries), 5)
    .option('--name <run>', 'name of the run')
    .action(glossToText)
}

interface GlossToTextOptions extends CommonOptions {
  model: string
  language: string
  endpoint?: string
  agree?: string
  clips: string
  glossTier?: string
  examples: number
  system: string
  template: string
  seed: number
  temperature: number
  maxTokens: number
  timeout: number
  tries: number
  name?: string
}

async function glossToText(options: GlossToTextOptions): Promise<void> {
  await withCore(options, async ({ api, follow }) => {
    if (options.endpoint !== undefined) await api.app.saveSettings({ glossEndpoint: options.endpoint })
    const { model, language, examples, system, template, seed, temperature, maxTokens, tries } = options
    const job = await follow(
      await api.glossToText.start({
        model,
        language,
        examples,
        system,
        template,
        seed,
        temperature,
        maxTokens,
        tries,
        selection: await selectionOf(api, options.clips),
        glossTier: options.glossTier ?? null,
        timeoutSeconds: options.timeout,
        ...(options.agree === undefined ? {} : { agreedHost: options.agree }),
        ...(options.name ? { name: options.name } : {}),
      }),
    )
    const { run, hypotheses } = await outputsOf(api, job)
    await finishWork(api, job, options, { run, hypotheses })
    if (!options.json) printTable(hypotheses.map(({ clip, text }) => [clip, text]))
  })
}
