import { computed, type Ref } from 'vue'
import { useCanvas } from '../../../composables/use-canvas.ts'
import type { ElementSize } from '../../../composables/use-element-size.ts'
import { paintRuler } from './paint-ruler.ts'
import { RULER_HEIGHT } from './rows.ts'
import { createScenePainter, type Marks, paintMarks, type Scene } from './scene.ts'
import { createTextFitter } from './text-fit.ts'
import type { Theme } from './theme.ts'

type CanvasRef = Readonly<Ref<HTMLCanvasElement | null>>

/** Keeps the three canvases as scene and marks say; what is not on screen is not painted. */
export function useSceneCanvases(
  canvases: { ruler: CanvasRef; rows: CanvasRef; marks: CanvasRef },
  size: Readonly<Ref<ElementSize>>,
  scene: () => Scene,
  marks: () => Marks,
  theme: Readonly<Ref<Theme>>,
): void {
  const style = computed(() => {
    const context = canvases.rows.value?.getContext('2d')
    const font = `12px ${theme.value.font}`
    const fit = createTextFitter(text => {
      if (!context) return text.length * 7
      context.font = font
      return context.measureText(text).width
    })
    return { theme: theme.value, fit }
  })
  const paintScene = createScenePainter()

  useCanvas(
    canvases.ruler,
    computed(() => ({ width: size.value.width, height: RULER_HEIGHT })),
    context => paintRuler(context, scene().view, theme.value),
  )
  useCanvas(
    canvases.rows,
    size,
    (context, { isBlank }) => paintScene(context, scene(), style.value, isBlank),
    { keepsPicture: true },
  )
  useCanvas(canvases.marks, size, context => paintMarks(context, scene(), marks(), style.value))
}
