import type { EChartsCoreOption as Option } from 'echarts/core'
import type { ReportSource } from './report.types.ts'

export interface Plot {
  caption: string
  svg: string
}

const WIDTH = 720
const HEIGHT = 320
/** Okabe and Ito (2008): told apart by everybody, also in print. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#f0e442', '#000000']
const BINS = Array.from({ length: 10 }, (_, i) => `${10 * i}–${10 * i + 10}`)

/** Plots as SVG, drawn without a browser. The same numbers give the same bytes. */
export async function plots(source: ReportSource): Promise<Plot[]> {
  if (source.scores.length === 0) return []
  const render = await renderer()
  return [
    {
      caption: 'Corpus scores with 95 % confidence intervals (BLEU and chrF2).',
      svg: render(scoreBars(source)),
    },
    {
      caption: 'Sentence chrF2: how many clips of each run lie in which band.',
      svg: render(sentenceBands(source)),
    },
    { caption: 'Mean sentence chrF2 by the length of the clip.', svg: render(byDuration(source)) },
  ]
}

/** Loaded when the first report is made: nobody else in the core draws. */
async function renderer(): Promise<(option: Option) => string> {
  const [{ init, use }, { BarChart, CustomChart, LineChart }, components, { SVGRenderer }] =
    await Promise.all([
      import('echarts/core'),
      import('echarts/charts'),
      import('echarts/components'),
      import('echarts/renderers'),
    ])
  use([BarChart, CustomChart, LineChart, components.GridComponent, components.LegendComponent, SVGRenderer])
  let drawn = 0
  return option => {
    const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT })
    chart.setOption({
      animation: false,
      color: COLOURS,
      grid: { left: 48, right: 16, top: 40, bottom: 32 },
      ...option,
    })
    const svg = chart.renderToSVGString()
    chart.dispose()
    return renumbered(svg, `plot${++drawn}`)
  }
}

/** The library's names count the charts and styles of the process; ours count those of the page. */
function renumbered(svg: string, prefix: string): string {
  const names = new Map<string, string>()
  return svg.replaceAll(/\bzr\d+-[a-z]+-?\d+/g, name => {
    const own = names.get(name) ?? `${prefix}-${names.size}`
    names.set(name, own)
    return own
  })
}

const legend = { type: 'scroll', top: 4 } as const

function scoreBars({ plain, scores }: ReportSource): Option {
  const metrics = ['BLEU', 'chrF2']
  const names = plain.runs.map(({ run }) => run)
  const rowsOf = (run: string) =>
    metrics.map(metric => scores.find(row => row.system_id === run && row.metric === metric))
  return {
    legend,
    xAxis: { type: 'category', data: metrics },
    yAxis: { type: 'value', name: 'score', max: 100 },
    series: names.flatMap((run, r) => [
      { type: 'bar' as const, name: run, data: rowsOf(run).map(row => row?.score ?? null) },
      {
        type: 'custom' as const,
        name: run,
        data: rowsOf(run).flatMap((row, m) =>
          row?.ci ? [[m, row.score - row.ci.half, Math.min(100, row.score + row.ci.half)]] : [],
        ),
        renderItem: whisker(r, names.length),
        encode: { x: 0, y: [1, 2] },
        z: 10,
      },
    ]),
  }
}

/** The line from one end of an interval to the other, over the middle of its bar. */
function whisker(at: number, of: number) {
  interface Api {
    value: (dimension: number) => number
    coord: (point: number[]) => number[]
    size: (span: number[]) => number[]
  }
  return (_params: unknown, given: unknown) => {
    const api = given as Api
    const [low, high] = [api.coord([api.value(0), api.value(1)]), api.coord([api.value(0), api.value(2)])]
    // The bars of a category take 80 % of its band, with 30 % of a bar between them.
    const band = (api.size([1, 0])[0] ?? 0) * 0.8
    const bar = band / (of + 0.3 * (of - 1))
    const x = (low[0] ?? 0) - band / 2 + at * bar * 1.3 + bar / 2
    return {
      type: 'line' as const,
      shape: { x1: x, y1: low[1] ?? 0, x2: x, y2: high[1] ?? 0 },
      style: { stroke: '#1b1f24', lineWidth: 1.5 },
    }
  }
}

function sentenceBands({ plain, outline }: ReportSource): Option {
  return {
    legend,
    xAxis: { type: 'category', data: BINS, name: 'chrF2' },
    yAxis: { type: 'value', name: 'clips' },
    series: plain.runs.map(({ run, sentence }) => {
      const counts = BINS.map(() => 0)
      for (const position of outline.clips.keys()) {
        const chrf = sentence(position)?.chrf
        if (chrf === undefined) continue
        const bin = Math.min(BINS.length - 1, Math.floor(chrf / 10))
        counts[bin] = (counts[bin] ?? 0) + 1
      }
      return { type: 'bar' as const, name: run, data: counts }
    }),
  }
}

const DURATIONS = [
  { label: 'up to 2 s', upTo: 2000 },
  { label: '2–4 s', upTo: 4000 },
  { label: '4–8 s', upTo: 8000 },
  { label: '8–16 s', upTo: 16_000 },
  { label: 'over 16 s', upTo: Infinity },
]

function byDuration({ plain, outline }: ReportSource): Option {
  return {
    legend,
    xAxis: { type: 'category', data: DURATIONS.map(({ label }) => label) },
    yAxis: { type: 'value', name: 'mean chrF2' },
    series: plain.runs.map(({ run, sentence }) => {
      const sums = DURATIONS.map(() => ({ sum: 0, clips: 0 }))
      for (const [position, { startMs, endMs }] of outline.clips.entries()) {
        const chrf = sentence(position)?.chrf
        const bucket = sums[DURATIONS.findIndex(({ upTo }) => endMs - startMs <= upTo)]
        if (chrf === undefined || !bucket) continue
        bucket.sum += chrf
        bucket.clips += 1
      }
      return {
        type: 'line' as const,
        name: run,
        symbolSize: 7,
        data: sums.map(({ sum, clips }) => (clips === 0 ? null : sum / clips)),
      }
    }),
  }
}
