import type { DensityReport } from '#shared/contract/density.ts'
import type { ChartOption } from '../../composables/use-chart.ts'
import type { TranslateText } from '../../composables/use-text.ts'

export interface DrawnChart {
  option: ChartOption
  table: { head: string[]; rows: string[][] }
}

/** As many as can be told apart. */
export const MOST_MARKED = 10
const COLOURS = 5
const SYMBOLS = ['circle', 'triangle'] as const

/** The glosses of most instances; of those the densest. */
export function firstMarked({ glosses }: DensityReport): string[] {
  return glosses
    .toSorted((a, b) => b.instances - a.instances)
    .slice(0, 8)
    .map(({ gloss }) => gloss)
}

/** Points of a series, as positions in `points`. */
export function pointSeries({ glosses, points }: DensityReport, marked: readonly string[]): number[][] {
  const series: number[][] = [[], ...marked.map(() => [])]
  for (const [at, { gloss }] of points.entries())
    series[1 + marked.indexOf(glosses[gloss]?.gloss ?? '')]?.push(at)
  return series
}

/** Instances in the plane; glosses that are marked have a colour and a shape, the others are grey. */
export function planeOf(
  report: DensityReport,
  marked: readonly string[],
  { t, colours, grey }: { t: TranslateText; colours: readonly string[]; grey: string },
): DrawnChart {
  const { points, axes, glosses } = report
  const series = pointSeries(report, marked)
  const share = (at: 0 | 1) => t('density.axis', { n: at + 1, share: percentOf(axes[at]) })
  const axis = { type: 'value', scale: true, nameLocation: 'middle', nameGap: 26 } as const
  return {
    option: {
      grid: { left: 46, right: 12, top: 44, bottom: 40 },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 8, type: 'plain' },
      tooltip: {
        trigger: 'item',
        renderMode: 'richText',
        confine: true,
        formatter: params => {
          const mark = Array.isArray(params) ? params[0] : params
          const point = points[series[mark?.seriesIndex ?? 0]?.[mark?.dataIndex ?? -1] ?? -1]
          return point ? `${glosses[point.gloss]?.gloss ?? ''} · ${point.clip}` : ''
        },
      },
      xAxis: { ...axis, name: share(0) },
      yAxis: { ...axis, name: share(1), nameGap: 32 },
      series: series.map((at, which) => ({
        type: 'scatter' as const,
        name: which === 0 ? t('density.others') : (marked[which - 1] ?? ''),
        color: which === 0 ? grey : (colours[(which - 1) % COLOURS] ?? grey),
        symbol: which === 0 ? 'circle' : (SYMBOLS[Math.floor((which - 1) / COLOURS)] ?? 'circle'),
        symbolSize: which === 0 ? 5 : 9,
        itemStyle: { opacity: which === 0 ? 0.45 : 0.9 },
        data: at.map(place => [points[place]?.x ?? 0, points[place]?.y ?? 0]),
        cursor: 'pointer',
      })),
    },
    table: {
      head: [t('density.gloss'), t('density.clip'), share(0), share(1)],
      rows: points.map(({ gloss, clip, x, y }) => [
        glosses[gloss]?.gloss ?? '',
        clip,
        x.toFixed(4),
        y.toFixed(4),
      ]),
    },
  }
}

/** Distances within and between: a box over all glosses each. */
export function distancesOf({ glosses }: DensityReport, t: TranslateText): DrawnChart {
  const kinds = ['intra', 'inter'] as const
  const boxes = kinds.map(kind => fiveNumbers(glosses.map(gloss => gloss[kind])))
  const names = kinds.map(kind => t(`density.${kind}`))
  return {
    option: {
      grid: { left: 52, right: 12, top: 34, bottom: 40 },
      tooltip: { trigger: 'item', valueFormatter: value => Number(value).toFixed(3) },
      xAxis: { type: 'category', data: names },
      yAxis: { type: 'value', scale: true, name: t('density.distance') },
      series: [
        { type: 'boxplot', data: boxes, boxWidth: [20, 60] },
        {
          type: 'scatter',
          symbolSize: 5,
          itemStyle: { opacity: 0.5 },
          data: kinds.flatMap((kind, at) => glosses.map(gloss => [at, gloss[kind]])),
        },
      ],
    },
    table: {
      head: [
        t('density.distance'),
        ...(['min', 'q1', 'median', 'q3', 'max'] as const).map(n => t(`density.box.${n}`)),
      ],
      rows: boxes.map((box, at) => [names[at] ?? '', ...box.map(value => value.toFixed(4))]),
    },
  }
}

/** Least, quartiles (linear between ranks, as NumPy's default) and most. */
export function fiveNumbers(values: readonly number[]): [number, number, number, number, number] {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number) => {
    const place = share * (sorted.length - 1)
    const [low, high] = [sorted[Math.floor(place)] ?? 0, sorted[Math.ceil(place)] ?? 0]
    return low + (place % 1) * (high - low)
  }
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)]
}

export const percentOf = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(1)} %`)
