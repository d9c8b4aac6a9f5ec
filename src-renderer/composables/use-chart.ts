import {
  BarChart,
  type BarSeriesOption,
  BoxplotChart,
  type BoxplotSeriesOption,
  CustomChart,
  type CustomSeriesOption,
  HeatmapChart,
  type HeatmapSeriesOption,
  LineChart,
  type LineSeriesOption,
  ScatterChart,
  type ScatterSeriesOption,
} from 'echarts/charts'
import {
  DatasetComponent,
  type DatasetComponentOption,
  GridComponent,
  type GridComponentOption,
  LegendComponent,
  type LegendComponentOption,
  MarkLineComponent,
  type MarkLineComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
  VisualMapComponent,
  type VisualMapComponentOption,
} from 'echarts/components'
import { type ComposeOption, type ECElementEvent, init, use } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'
import { computed, type Ref, watch } from 'vue'
import { useElementSize } from './use-element-size.ts'
import { useFormat } from './use-format.ts'
import { useMedia } from './use-media.ts'
import { useThemeColours } from './use-theme-colours.ts'

use([
  BarChart,
  BoxplotChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  ScatterChart,
  DatasetComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
  CanvasRenderer,
  SVGRenderer,
])

/** What a chart of this program may hold; another kind of series needs its module above. */
export type ChartOption = ComposeOption<
  | BarSeriesOption
  | BoxplotSeriesOption
  | CustomSeriesOption
  | HeatmapSeriesOption
  | LineSeriesOption
  | ScatterSeriesOption
  | DatasetComponentOption
  | GridComponentOption
  | LegendComponentOption
  | MarkLineComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>

/** The mark that was pressed: positions within the option that was drawn. */
export interface PickedMark {
  series: number
  at: number
  /** Shift was held: what was picked before stays picked. */
  isMore: boolean
}

export type PictureFormat = 'png' | 'svg'

const TOKENS = [
  'bg',
  'raised',
  'line',
  'text',
  'dim',
  'faint',
  'accent',
  'violet-fill',
  'warn-fill',
  'good-fill',
  'bad-fill',
] as const

type Colours = Readonly<Record<(typeof TOKENS)[number], string>>

function themeOf(colours: Colours, number: (value: number) => string): object {
  const axis = {
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.dim, fontSize: 11 },
    nameTextStyle: { color: colours.faint, fontSize: 11 },
    splitLine: { lineStyle: { color: colours.line } },
  }
  return {
    color: [
      colours.accent,
      colours['violet-fill'],
      colours['warn-fill'],
      colours['good-fill'],
      colours['bad-fill'],
    ],
    backgroundColor: 'transparent',
    textStyle: { color: colours.text, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12 },
    categoryAxis: axis,
    valueAxis: { ...axis, axisLabel: { ...axis.axisLabel, formatter: number } },
    legend: { textStyle: { color: colours.dim }, inactiveColor: colours.faint },
    tooltip: {
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? number(value) : String(value)),
    },
    visualMap: { textStyle: { color: colours.dim }, inRange: { color: [colours.bg, colours.accent] } },
  }
}

function wasShiftHeld(event: unknown): boolean {
  return event instanceof MouseEvent && event.shiftKey
}

/** Draws a chart into an element in the colours of the theme, as large as the element is; still where motion is not wanted. */
export function useChart(
  place: Readonly<Ref<HTMLElement | null>>,
  option: Readonly<Ref<ChartOption>>,
  pick: (mark: PickedMark) => void,
): { picture: (format: PictureFormat) => string } {
  const colours = useThemeColours(TOKENS)
  const isStill = useMedia('(prefers-reduced-motion: reduce)')
  const size = useElementSize(place)
  const { number } = useFormat()
  const theme = computed(() => themeOf(colours.value, number))

  watch(
    place,
    (element, _previous, onCleanup) => {
      if (!element) return
      const chart = init(element, theme.value, { renderer: 'canvas' })
      chart.on('click', ({ seriesIndex, dataIndex, event }: ECElementEvent) =>
        pick({ series: seriesIndex ?? 0, at: dataIndex, isMore: wasShiftHeld(event?.event) }),
      )
      const stops = [
        watch(
          [option, isStill],
          ([drawn, still]) =>
            chart.setOption({ animation: !still, animationDuration: 200, ...drawn }, { notMerge: true }),
          { immediate: true },
        ),
        watch(theme, fresh => chart.setTheme(fresh)),
        watch(size, ({ width, height }) => width > 0 && height > 0 && chart.resize()),
      ]
      onCleanup(() => {
        for (const stop of stops) stop()
        chart.dispose()
      })
    },
    { immediate: true, flush: 'post' },
  )

  /** What is drawn now as the address of a file, on the theme's ground: a picture is pasted anywhere. */
  function picture(format: PictureFormat): string {
    const { width, height } = size.value
    const renderer = format === 'svg' ? 'svg' : 'canvas'
    const page = document.createElement('div')
    const chart = init(page, theme.value, { renderer, width, height, devicePixelRatio: 2 })
    chart.setOption({ ...option.value, animation: false, backgroundColor: colours.value.bg })
    const url = chart.getDataURL({ type: format })
    chart.dispose()
    return url
  }

  return { picture }
}
