import { computed, type Ref } from 'vue'
import { useCanvas } from '../../composables/use-canvas.ts'
import type { ElementSize } from '../../composables/use-element-size.ts'
import { paintRuler, paintScene, type Scene, type Theme } from './paint.ts'
import { rowsBetween, RULER_HEIGHT } from './rows.ts'
import { rememberingMeasure } from './text-fit.ts'

type CanvasRef = Readonly<Ref<HTMLCanvasElement | null>>

/** Keeps the two canvases as the scene says; what is not on screen is not painted. */
export function usePaintedTimeline(
  canvases: { ruler: CanvasRef; tiers: CanvasRef },
  size: Readonly<Ref<ElementSize>>,
  scene: () => Scene,
  theme: Readonly<Ref<Theme>>,
): void {
  const measure = computed(() => {
    const context = canvases.tiers.value?.getContext('2d')
    const font = `12px ${theme.value.font}`
    return rememberingMeasure(text => {
      if (!context) return text.length * 7
      context.font = font
      return context.measureText(text).width
    })
  })

  useCanvas(
    canvases.ruler,
    computed(() => ({ width: size.value.width, height: RULER_HEIGHT })),
    context => paintRuler(context, scene().view, theme.value),
  )
  useCanvas(canvases.tiers, size, (context, { height }) => {
    const whole = scene()
    const rows = rowsBetween(whole.rows, whole.scrollTop, whole.scrollTop + height)
    paintScene(context, { ...whole, rows }, theme.value, measure.value)
  })
}
