import type { AgreementReport } from '#shared/contract/agreement.ts'
import type { ChartOption } from '../../composables/use-chart.ts'
import type { TranslateText } from '../../composables/use-text.ts'

type FixedDigits = (value: number | null | undefined, digits: number) => string

/** F1 over the overlap that is asked for, with and without labels. */
export function curveOf(
  curve: AgreementReport['curve'],
  t: TranslateText,
  fixed: FixedDigits,
): { option: ChartOption; table: { head: string[]; rows: string[][] } } {
  const [segments, labelled] = [t('agreement.figures.overlap-f1'), t('agreement.figures.labelled-f1')]
  const shown = (value: number | null) => fixed(value, 3)
  const option: ChartOption = {
    grid: { left: 44, right: 12, top: 34, bottom: 40 },
    legend: { top: 0, left: 0, itemWidth: 16, itemHeight: 8 },
    tooltip: { trigger: 'axis', valueFormatter: value => shown(Number(value)) },
    xAxis: {
      type: 'category',
      name: t('agreement.overlapAxis'),
      nameLocation: 'middle',
      nameGap: 26,
      data: curve.map(({ leastOverlap }) => fixed(leastOverlap, 1)),
    },
    yAxis: { type: 'value', min: 0, max: 1 },
    series: [
      { type: 'line', name: segments, data: curve.map(({ f1 }) => f1 ?? '-'), symbolSize: 6 },
      { type: 'line', name: labelled, data: curve.map(({ labelledF1 }) => labelledF1 ?? '-'), symbolSize: 6 },
    ],
  }
  const rows = curve.map(({ leastOverlap, f1, labelledF1 }) => [
    fixed(leastOverlap, 1),
    shown(f1),
    shown(labelledF1),
  ])
  return { option, table: { head: [t('agreement.overlapAxis'), segments, labelled], rows } }
}
