import { type Command, Option } from 'commander'
import {
  DensityInput,
  type DensityProgress,
  type DensityReport,
  FEATURE_STREAMS,
  type FeatureStream,
  type GlossDensity,
  INSTANCE_CHOICES,
  type InstanceChoice,
} from '#shared/contract/density.ts'
import { AppError } from '#shared/contract/errors.ts'
import { LOCALISATION_MEASURES, type LocalisationMeasure } from '#shared/contract/localisation.ts'
import { corpusCommand, realNumber, wholeNumber } from './options.ts'
import { counted, createProgressLine, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'
import { selectionOf } from './work-commands.ts'

const NAMED_AT_MOST = 10
const PHASES = { glosses: 'Localise', features: 'Read features', distances: 'Distances' } as const

export function addDensityCommand(program: Command): void {
  corpusCommand(
    program,
    'density',
    'How densely the features of different glosses lie (Sign Density Ratio of SignCL)',
  )
    .option('--model <model>', 'installed model whose features they are', 'demo')
    .addOption(
      new Option('--features <stream>', 'which of its features').choices(FEATURE_STREAMS).default('spatial'),
    )
    .option('--clips <selection>', 'all, a split, or clip names separated by commas', 'all')
    .option('--tier <name>', 'glosses are the annotations of this tier')
    .option('--localise <model>', 'glosses are what this model with prototypes finds')
    .addOption(new Option('--measure <name>', 'of --localise').choices(LOCALISATION_MEASURES).default('E'))
    .option('--threshold <t>', 'of --localise', realNumber(0, 1), 0.2)
    .addOption(
      new Option('--instances <which>', 'what of a sign is one instance')
        .choices(INSTANCE_CHOICES)
        .default('centre'),
    )
    .option('--least <n>', 'glosses of fewer instances are left out', wholeNumber(2, 1000), 2)
    .option('--most <n>', 'instances that are taken of a gloss', wholeNumber(2, 10_000), 200)
    .action(density)
}

interface DensityOptions extends CommonOptions {
  model: string
  features: FeatureStream
  clips: string
  tier?: string
  localise?: string
  measure: LocalisationMeasure
  threshold: number
  instances: InstanceChoice
  least: number
  most: number
}

async function density(options: DensityOptions): Promise<void> {
  const { tier, localise, measure, threshold } = options
  if ((tier === undefined) === (localise === undefined))
    throw new AppError(
      'invalid-input',
      'Say what the glosses are: either --tier NAME (annotations) or --localise MODEL (what it finds).',
    )
  await withCore(options, async ({ api, interruptible }) => {
    const input = DensityInput.parse({
      selection: await selectionOf(api, options.clips),
      modelId: options.model,
      stream: options.features,
      glosses:
        tier === undefined
          ? { kind: 'localised', modelId: localise, measure, threshold }
          : { kind: 'tier', tier },
      instances: options.instances,
      least: options.least,
      most: options.most,
    })
    const report = await interruptible(async signal =>
      lastOf(await api.density.measure(input, { signal }), options),
    )
    tellLeftOut(report, options)
    if (options.json) return printJson({ ...report, kind: undefined })
    printTable([HEAD, ...report.glosses.map(rowOf)])
    process.stdout.write(
      `\nSDR\t${percent(report.ratio)}\tintra ${report.intra.toFixed(4)}\tinter ${report.inter.toFixed(4)}\t${counted(report.glosses.length, 'gloss', 'glosses')}, ${counted(report.instances, 'instance')}, ${counted(report.clips, 'clip')}\n`,
    )
    return undefined
  })
}

async function lastOf(
  events: AsyncIterable<DensityProgress | DensityReport>,
  { quiet }: CommonOptions,
): Promise<DensityReport> {
  const line = createProgressLine(quiet === true)
  for await (const event of events) {
    if (event.kind === 'done') return event
    line.show(`${PHASES[event.phase]}: ${event.done}/${event.total}`)
  }
  throw new Error('ended without an outcome')
}

const percent = (ratio: number | null) => (ratio === null ? 'undefined' : `${(100 * ratio).toFixed(2)} %`)
const HEAD = ['gloss', 'instances', 'intra', 'inter', 'SDR', 'nearest', 'distance']
const rowOf = ({ gloss, instances, intra, inter, ratio, nearest, nearestDistance }: GlossDensity) => [
  gloss,
  String(instances),
  intra.toFixed(4),
  inter.toFixed(4),
  percent(ratio),
  nearest,
  nearestDistance.toFixed(4),
]

function tellLeftOut({ leftOut }: DensityReport, { least, most }: DensityOptions): void {
  const some = (names: readonly string[]) =>
    names.slice(0, NAMED_AT_MOST).join(', ') + (names.length > NAMED_AT_MOST ? ' …' : '')
  const tell = (isSo: boolean, text: string) => isSo && process.stderr.write(`${text}\n`)
  const { withoutFeatures, misfits, withoutGlosses, tooShort, tooFew, beyondMost } = leftOut
  tell(
    withoutFeatures.length > 0,
    `Without features, left out: ${some(withoutFeatures)} (${counted(withoutFeatures.length, 'clip')}). Extract them first.`,
  )
  tell(
    misfits.length > 0,
    `Features do not fit the frames, left out: ${some(misfits)} (${counted(misfits.length, 'clip')}).`,
  )
  tell(withoutGlosses > 0, `Without a gloss: ${counted(withoutGlosses, 'clip')}.`)
  tell(tooShort > 0, `Too short for a feature: ${counted(tooShort, 'sign')}.`)
  tell(
    tooFew.length > 0,
    `Fewer than ${least} instances, left out: ${some(tooFew.map(({ gloss }) => gloss))} (${counted(tooFew.length, 'gloss', 'glosses')}).`,
  )
  tell(beyondMost > 0, `More than ${most} of a gloss, not taken: ${counted(beyondMost, 'instance')}.`)
}
