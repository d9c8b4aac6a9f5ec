import type { RatingReport } from '#shared/contract/rating.ts'
import type { ProtocolFacts } from '#shared/domain/rating-protocols.ts'
import type { ChartOption } from '../../composables/use-chart.ts'
import type { TranslateText } from '../../composables/use-text.ts'

interface ChartAndTable {
  option: ChartOption
  table: { head: string[]; rows: string[][] }
}

const GRID = { left: 46, right: 12, top: 34, bottom: 40 }
const LEGEND = { top: 0, left: 0, itemWidth: 12, itemHeight: 8, type: 'plain' as const }

/** The step of the scale that a bin stands for; the last is the end of the scale alone. */
function binName(bin: number, { min, max }: ProtocolFacts, decimal: (value: number) => string): string {
  const at = min + (bin * (max - min)) / 10
  const shown = Number.isInteger(at) ? String(at) : decimal(at)
  return bin === 10 ? shown : `${shown} –`
}

/** How often each system got which value: means alone hide that nearly all values may be at one end. */
export function distributionOf(
  { systems }: RatingReport,
  {
    facts,
    decimal,
    colourOf,
    t,
  }: {
    facts: ProtocolFacts
    decimal: (value: number) => string
    colourOf: (runId: number) => string
    t: TranslateText
  },
): ChartAndTable {
  const names = Array.from({ length: 11 }, (_, bin) => binName(bin, facts, decimal))
  return {
    option: {
      grid: GRID,
      legend: LEGEND,
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: names, name: t('rating.value'), nameLocation: 'middle', nameGap: 26 },
      yAxis: { type: 'value', minInterval: 1 },
      series: systems.map(({ runId, run, bins }) => ({
        type: 'bar',
        name: run,
        color: colourOf(runId),
        data: bins,
        barMaxWidth: 14,
      })),
    },
    table: {
      head: [t('rating.value'), ...systems.map(({ run }) => run)],
      rows: names.map((name, bin) => [name, ...systems.map(({ bins }) => String(bins[bin]))]),
    },
  }
}

/** How far above the others each annotator judges, from the beginning of their work to its end. */
export function driftOf(
  { raters }: RatingReport,
  decimal: (value: number | null) => string,
  t: TranslateText,
): ChartAndTable | null {
  const steps = Math.max(...raters.map(({ drift }) => drift.length))
  if (steps < 2 || raters.length < 2) return null
  const places = Array.from({ length: steps }, (_, step) => `${Math.round((100 * (step + 0.5)) / steps)} %`)
  return {
    option: {
      grid: GRID,
      legend: LEGEND,
      tooltip: { trigger: 'axis', valueFormatter: value => decimal(Number(value)) },
      xAxis: {
        type: 'category',
        data: places,
        name: t('rating.driftAxis'),
        nameLocation: 'middle',
        nameGap: 26,
      },
      yAxis: { type: 'value' },
      series: raters.map(({ annotator, drift }) => ({
        type: 'line',
        name: annotator || t('review.nobody'),
        data: drift.map(({ bias }) => bias ?? '-'),
        symbolSize: 5,
      })),
    },
    table: {
      head: [t('rating.driftAxis'), ...raters.map(({ annotator }) => annotator || t('review.nobody'))],
      rows: places.map((place, step) => [
        place,
        ...raters.map(({ drift }) => decimal(drift[step]?.bias ?? null)),
      ]),
    },
  }
}
