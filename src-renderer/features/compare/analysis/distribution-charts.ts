import type { AnalysisFilter, AnalysisView, RunPair } from '#shared/contract/analysis.ts'
import type { ChartOption } from '../../../composables/use-chart.ts'
import type { TranslateText } from '../../../composables/use-text.ts'
import type { DrawnChart } from './bucket-chart.ts'

type NumberText = (value: number) => string

interface Drawing {
  view: AnalysisView
  filter: AnalysisFilter
  pair: RunPair
  t: TranslateText
  colourOf: (runId: number) => string
  count: (value: number) => string
  number: NumberText
}

export interface Bin {
  from: number
  to: number
}

const UNPICKED = 0.32
/** Above any score and difference: error rates know no upper end. */
const NO_END = 1e9

/** The bins of sentence scores; the last one takes all that is higher. */
export function scoreBins({ binWidth, histograms }: AnalysisView): Bin[] {
  const bins = histograms[0]?.counts.length ?? 0
  return Array.from({ length: bins }, (_, at) => ({
    from: at * binWidth,
    to: at === bins - 1 ? NO_END : (at + 1) * binWidth,
  }))
}

/** The bins of differences; the outer ones take all that lies beyond. */
export function deltaBins({ deltas }: AnalysisView): Bin[] {
  const { from, binWidth, counts } = deltas
  return counts.map((_, at) => ({
    from: at === 0 ? -NO_END : from + at * binWidth,
    to: at === counts.length - 1 ? NO_END : from + (at + 1) * binWidth,
  }))
}

export function binText({ from, to }: Bin, number: NumberText): string {
  const [low, high] = [signed(from, number), signed(to, number)]
  if (to >= NO_END) return `≥${low}`
  return from <= -NO_END ? `<${high}` : `${low} … ${high}`
}

const signed = (value: number, number: NumberText) => (value < 0 ? `−${number(-value)}` : number(value))

/** Where a bin begins. */
function edgeText(bin: Bin | undefined, number: NumberText): string {
  if (!bin) return ''
  return bin.from <= -NO_END ? `<${signed(bin.to, number)}` : signed(bin.from, number)
}

const isWithin = (bin: Bin, range: Bin | null | undefined) =>
  !range || (bin.from >= range.from && bin.to <= range.to)

/** How many segments score how high with one run. */
export function drawHistogram(at: number, drawing: Drawing): DrawnChart {
  const { view, filter, t, colourOf } = drawing
  const runId = view.histograms[at]?.runId
  const run = view.runs.find(each => each.runId === runId)
  const range = filter.scores.find(each => each.runId === runId)
  return drawBins(scoreBins(view), view.histograms[at]?.counts ?? [], range, drawing, {
    label: t('analysis.histogram', { metric: view.metric, run: run?.run ?? '' }),
    colour: colourOf(runId ?? 1),
  })
}

/** How many segments differ by how much between the two runs. */
export function drawDeltas(drawing: Drawing): DrawnChart {
  const { view, filter, pair, t, colourOf } = drawing
  return drawBins(deltaBins(view), view.deltas.counts, filter.delta, drawing, {
    label: t('analysis.deltas', { from: nameOf(view, pair.from), to: nameOf(view, pair.to) }),
    colour: colourOf(pair.to),
  })
}

function nameOf(view: AnalysisView, runId: number): string {
  return view.runs.find(each => each.runId === runId)?.run ?? ''
}

function drawBins(
  bins: readonly Bin[],
  counts: readonly number[],
  range: Bin | null | undefined,
  { t, count, number }: Drawing,
  { label, colour }: { label: string; colour: string },
): DrawnChart {
  const names = bins.map(bin => binText(bin, number))
  const option: ChartOption = {
    grid: { left: 40, right: 6, top: 10, bottom: 24 },
    tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, renderMode: 'richText', confine: true },
    xAxis: {
      type: 'category',
      data: names,
      axisTick: { show: false },
      axisLabel: { formatter: (_name: string, at: number) => edgeText(bins[at], number) },
    },
    yAxis: { type: 'value', splitNumber: 3, minInterval: 1 },
    series: [
      {
        type: 'bar',
        name: t('analysis.segments'),
        color: colour,
        barCategoryGap: '8%',
        cursor: 'pointer',
        data: bins.map((bin, at) => ({
          value: counts[at] ?? 0,
          itemStyle: { opacity: isWithin(bin, range) ? 1 : UNPICKED },
        })),
      },
    ],
  }
  return {
    label,
    option,
    table: {
      head: [t('analysis.bucket'), t('analysis.segments')],
      rows: names.map((name, at) => [name, count(counts[at] ?? 0)]),
    },
    picked: bins.map(bin => range !== null && range !== undefined && isWithin(bin, range)),
  }
}

/** The segments as marks by the scores of both runs; marks that fall together are one larger mark. */
export function drawScatter({ view, pair, t, colourOf, count, number }: Drawing): DrawnChart {
  const { cells, cellWidth } = view
  const [from, to] = [nameOf(view, pair.from), nameOf(view, pair.to)]
  const most = Math.max(1, ...cells.map(({ segments }) => segments))
  const rangeOf = (at: number) => binText(cellBin(at, cellWidth), number)
  const middle = (at: number) => (at + 0.5) * cellWidth
  const text = ({ x, y, segments }: AnalysisView['cells'][number]) =>
    t('analysis.cell', {
      from,
      to,
      x: rangeOf(x),
      y: rangeOf(y),
      n: count(segments),
    })
  const option: ChartOption = {
    grid: { left: 44, right: 12, top: 10, bottom: 40 },
    tooltip: {
      trigger: 'item',
      renderMode: 'richText',
      confine: true,
      formatter: params => {
        const cell = cells[(Array.isArray(params) ? params[0] : params)?.dataIndex ?? -1]
        return cell ? text(cell) : ''
      },
    },
    xAxis: { type: 'value', min: 0, max: 100, name: from, nameLocation: 'middle', nameGap: 24 },
    yAxis: { type: 'value', min: 0, max: 100, name: to, nameLocation: 'middle', nameGap: 30 },
    series: [
      {
        type: 'scatter',
        color: colourOf(pair.to),
        itemStyle: { opacity: 0.75 },
        data: cells.map(({ x, y }) => [middle(x), middle(y)]),
        symbolSize: (_value, params) => 4 + 12 * Math.sqrt((cells[params.dataIndex]?.segments ?? 0) / most),
        cursor: 'pointer',
        markLine: {
          silent: true,
          symbol: 'none',
          lineStyle: { type: 'dashed', width: 1, color: '#8e97a6' },
          label: { show: false },
          data: [[{ coord: [0, 0] }, { coord: [100, 100] }]],
        },
      },
    ],
  }
  return {
    label: t('analysis.scatter', { metric: view.metric, from, to }),
    option,
    table: {
      head: [`${from} · ${to}`, t('analysis.segments')],
      rows: cells.map(cell => [`${rangeOf(cell.x)} · ${rangeOf(cell.y)}`, count(cell.segments)]),
    },
    picked: cells.map(() => false),
  }
}

const LAST_CELL = 39

/** The outer cells take all that lies beyond. */
export function cellBin(at: number, width: number): Bin {
  return { from: at * width, to: at === LAST_CELL ? NO_END : (at + 1) * width }
}
