import { RULER_HEIGHT } from './rows.ts'
import { ticks } from './ruler.ts'
import type { Theme } from './theme.ts'
import type { Viewport } from './viewport.ts'

export function paintRuler(context: CanvasRenderingContext2D, view: Viewport, theme: Theme): void {
  context.font = `11px ${theme.font}`
  context.textBaseline = 'alphabetic'
  context.fillStyle = theme['line-strong']
  const found = ticks(view)
  for (const { x, label } of found) {
    const height = label === null ? 6 : 12
    context.fillRect(Math.round(x), RULER_HEIGHT - height, 1, height)
  }
  context.fillStyle = theme.dim
  for (const { x, label } of found) if (label !== null) context.fillText(label, Math.round(x) + 4, 14)
}
