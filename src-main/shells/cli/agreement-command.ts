import { AgreementInput, type AgreementValue, RATER_SOURCES } from '#shared/contract/agreement.ts'
import { type Command, Option } from 'commander'
import { corpusCommand, realNumber, wholeNumber } from './options.ts'
import { counted, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

const TOLERANCE_MS = 60_000
const SAMPLES = 10_000

export function addAgreementCommand(program: Command): void {
  corpusCommand(program, 'agreement', 'How far annotators of the same recordings agree')
    .option('--tiers <names>', 'tiers to compare, or with --by: groups or tier types; separated by commas')
    .addOption(
      new Option('--by <source>', 'what tells the annotators apart').choices(RATER_SOURCES).default('name'),
    )
    .option('--separator <text>', 'before the annotator in a tier name, with --by suffix', '@')
    .option('--tolerance <ms>', 'between two boundaries that are the same', wholeNumber(0, TOLERANCE_MS), 80)
    .option('--overlap <share>', 'intersection over union of a match', realNumber(0.05, 1), 0.5)
    .option('--samples <n>', 'random segmentations of the test against chance', wholeNumber(10, SAMPLES), 200)
    .option('--seed <n>', 'of the random segmentations', wholeNumber(0, 2 ** 31 - 1), 1)
    .action(agreement)
}

interface AgreementOptions extends CommonOptions {
  tiers?: string
  by: (typeof RATER_SOURCES)[number]
  separator: string
  tolerance: number
  overlap: number
  samples: number
  seed: number
}

async function agreement(options: AgreementOptions): Promise<void> {
  await withCore(options, async ({ api, interruptible }) => {
    const names = (options.tiers ?? '').split(',').map(name => name.trim())
    const input = AgreementInput.parse({
      selection: {
        by: options.by,
        names: names.filter(name => name !== ''),
        separator: options.separator,
      },
      toleranceMs: options.tolerance,
      leastOverlap: options.overlap,
      samples: options.samples,
      seed: options.seed,
    })
    const report = await interruptible(signal => api.agreement.measure(input, { signal }))
    if (options.json) return printJson(report)
    printTable(report.values.map(rowOf))
    const { raters, recordings, comparisons, disagreements } = report
    const sum = Object.values(disagreements).reduce((total, count) => total + count, 0)
    process.stderr.write(
      `${raters.map(({ name }) => name).join(', ')}: ${counted(recordings, 'recording')}, ${counted(comparisons, 'pair')} of tiers, ${counted(sum, 'disagreement')}.\n`,
    )
    return undefined
  })
}

function rowOf({ figure, value, undefinedBecause, over, p }: AgreementValue): string[] {
  const shown = value === null ? `undefined (${undefinedBecause})` : value.toFixed(4)
  return [figure, shown, String(over), p === null ? '' : `p = ${p.toFixed(4)}`]
}
