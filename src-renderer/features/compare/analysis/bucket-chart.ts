import type { AnalysisView, BucketChart, GroupScore } from '#shared/contract/analysis.ts'
import type { CustomSeriesRenderItem } from 'echarts'
import type { ChartOption } from '../../../composables/use-chart.ts'
import type { TranslateText } from '../../../composables/use-text.ts'
import { bucketText } from './range-text.ts'

type Series = Exclude<NonNullable<ChartOption['series']>, readonly unknown[]>

export interface DrawnChart {
  label: string
  option: ChartOption
  table: { head: string[]; rows: string[][] }
  picked: boolean[]
}

interface Drawing {
  t: TranslateText
  colourOf: (runId: number) => string
  count: (value: number) => string
  number: (value: number) => string
  fixed: (value: number | null | undefined, digits: number) => string
  /** Of the drawing, in pixels: names longer than their share of it are cut. */
  width: number
  /** Keys of the buckets that the filter names. */
  keys: readonly string[]
}

const BAR_GAPS = { barGap: '12%', barCategoryGap: '32%', barMaxWidth: 34 }
const UNPICKED = 0.32
const FEW = 8
const [LEFT, RIGHT] = [34, 6]
const LABEL_GAP = 4
/** On average, as a share of the size of the font. */
const GLYPH_WIDTH = 0.58
const STEP = 20

/** Scores end at 100, and an interval that reaches beyond is cut there; error rates have no upper end. */
function scale(chart: BucketChart, { lowerIsBetter }: AnalysisView): { max?: number; interval?: number } {
  if (lowerIsBetter && chart.measure === 'metric') return {}
  const highest = Math.max(...chart.buckets.flatMap(({ scores }) => scores.map(topOf)), STEP)
  return { max: Math.min(100, Math.ceil(highest / STEP) * STEP), interval: STEP }
}

function topOf(score: GroupScore | null): number {
  return Math.max(score?.score ?? 0, score?.interval?.high ?? 0)
}

/** A group of bars for each bucket, a bar for each run, each with its confidence interval. */
export function drawBuckets(chart: BucketChart, view: AnalysisView, drawing: Drawing): DrawnChart {
  const { t, count, fixed, keys, width } = drawing
  const measure = chart.measure === 'word-f1' ? t('analysis.wordF1') : view.metric
  const label = t('analysis.bucketChart', { measure, kind: t(`analysis.kinds.${chart.kind}`) })
  const names = chart.buckets.map(bucket => bucketText(bucket, chart.kind, drawing))
  const picked = chart.buckets.map(({ key }) => keys.includes(key))
  const fontSize = names.length > FEW ? 10 : 11
  const room = Math.max(0, width - LEFT - RIGHT) / Math.max(1, names.length) - LABEL_GAP
  const option: ChartOption = {
    grid: { left: LEFT, right: RIGHT, top: 12, bottom: 40 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, renderMode: 'richText', confine: true },
    xAxis: {
      type: 'category',
      data: names.map((name, at) => `${name}\n${count(chart.buckets[at]?.segments ?? 0)}`),
      axisLabel: {
        interval: 0,
        lineHeight: 14,
        overflow: 'truncate',
        fontSize,
        width: room,
        formatter: label => {
          const [name = '', segments = ''] = label.split('\n')
          return `${shortened(name, Math.floor(room / (GLYPH_WIDTH * fontSize)))}\n${segments}`
        },
      },
      axisTick: { show: false },
    },
    yAxis: { type: 'value', min: 0, ...scale(chart, view) },
    series: [...bars(chart, view, drawing, picked), ...whiskers(chart, view)],
  }
  const head = [
    t('analysis.bucket'),
    t('analysis.segments'),
    ...view.runs.flatMap(({ run }) => [run, t('analysis.interval')]),
  ]
  const rows = chart.buckets.map((bucket, at) => [
    names[at] ?? '',
    count(bucket.segments),
    ...bucket.scores.flatMap(score => [fixed(score?.score, 2), intervalText(score?.interval, fixed)]),
  ])
  return { label, option, table: { head, rows }, picked }
}

/** Cut in the middle: names in a corpus begin alike and end in numbers. */
export function shortened(name: string, most: number): string {
  const letters = [...name]
  if (letters.length <= most) return name
  const end = Math.max(1, Math.ceil((most - 1) / 2))
  return `${letters.slice(0, Math.max(0, most - 1 - end)).join('')}…${letters.slice(-end).join('')}`
}

function intervalText(interval: GroupScore['interval'] | undefined, fixed: Drawing['fixed']): string {
  return interval ? `${fixed(Math.max(0, interval.low), 1)}–${fixed(interval.high, 1)}` : '–'
}

function bars(
  chart: BucketChart,
  view: AnalysisView,
  { colourOf, fixed, keys }: Drawing,
  picked: readonly boolean[],
): Series[] {
  return view.runs.map(({ runId, run }, at) => ({
    type: 'bar' as const,
    name: run,
    color: colourOf(runId),
    ...BAR_GAPS,
    data: chart.buckets.map((bucket, bucketAt) => ({
      value: bucket.scores[at]?.score ?? 0,
      itemStyle: { opacity: keys.length === 0 || picked[bucketAt] ? 1 : UNPICKED },
    })),
    tooltip: { valueFormatter: (value: unknown) => fixed(Number(value), 2) },
    cursor: 'pointer',
  }))
}

/** A line from the lower to the upper end of each interval, in the middle of its bar. */
function whiskers(chart: BucketChart, view: AnalysisView): Series[] {
  return view.runs.map((_, run) => ({
    type: 'custom' as const,
    silent: true,
    clip: true,
    z: 3,
    tooltip: { show: false },
    encode: { x: 0, y: [1, 2] },
    data: chart.buckets.flatMap((bucket, at) => {
      const interval = bucket.scores[run]?.interval
      return interval ? [[at, Math.max(0, interval.low), interval.high]] : []
    }),
    renderItem: whisker(run, view.runs.length),
  }))
}

function whisker(run: number, runs: number): CustomSeriesRenderItem {
  return (_params, api) => {
    const at = api.value(0)
    const place = api.barLayout({ count: runs, ...BAR_GAPS })?.[run]
    const offset = place?.offsetCenter ?? 0
    const [x = 0, low = 0] = api.coord([at, api.value(1)])
    const [, high = 0] = api.coord([at, api.value(2)])
    const middle = x + offset
    const half = Math.min(4, (place?.width ?? 8) / 4)
    const line = (x1: number, y1: number, x2: number, y2: number) => ({
      type: 'line' as const,
      shape: { x1, y1, x2, y2 },
      style: { stroke: '#8e97a6', lineWidth: 1.4 },
    })
    return {
      type: 'group',
      children: [
        line(middle, low, middle, high),
        line(middle - half, low, middle + half, low),
        line(middle - half, high, middle + half, high),
      ],
    }
  }
}
