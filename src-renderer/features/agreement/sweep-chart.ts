import type { AgainstTier } from '#shared/contract/localisation.ts'
import type { ChartOption } from '../../composables/use-chart.ts'
import type { TranslateText } from '../../composables/use-text.ts'

type FixedDigits = (value: number | null | undefined, digits: number) => string

export const SWEEP_FIGURES = ['precision', 'recall', 'f1', 'overlap'] as const

/** The figures over the threshold. */
export function sweepChart(
  sweep: AgainstTier['sweep'],
  t: TranslateText,
  fixed: FixedDigits,
): { option: ChartOption; table: { head: string[]; rows: string[][] } } {
  const names = SWEEP_FIGURES.map(figure => t(`localisation.figures.${figure}`))
  const shown = (value: number | null) => fixed(value, 3)
  const option: ChartOption = {
    grid: { left: 44, right: 12, top: 34, bottom: 40 },
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 8 },
    tooltip: { trigger: 'axis', valueFormatter: value => shown(Number(value)) },
    xAxis: {
      type: 'category',
      name: t('localisation.threshold'),
      nameLocation: 'middle',
      nameGap: 26,
      data: sweep.map(({ threshold }) => fixed(threshold, 2)),
    },
    yAxis: { type: 'value', min: 0, max: 1 },
    series: SWEEP_FIGURES.map((figure, at) => ({
      type: 'line' as const,
      name: names[at] ?? '',
      data: sweep.map(point => point[figure] ?? '-'),
      symbolSize: 6,
    })),
  }
  const rows = sweep.map(point => [
    fixed(point.threshold, 2),
    ...SWEEP_FIGURES.map(figure => shown(point[figure])),
  ])
  return { option, table: { head: [t('localisation.threshold'), ...names], rows } }
}
