/** Rotary position embedding (Su et al. 2021) that pairs element i of a head with i + half. */
import { type LazyTensor, computed } from '../weights/tensor.ts'
import type { GraphBuilder, Value } from './builder.ts'

/**
 * exact: angles in float32. as-trained: step numbers, frequencies, angles, sine and cosine in bfloat16, which is what
 * the release computes under autocast; angles are then off by half a radian and more from step 128 on.
 */
export const ROTARY_FORMS = ['exact', 'as-trained'] as const
export type RotaryForm = (typeof ROTARY_FORMS)[number]

/** Cosine and sine of step · frequency, each [steps, 1, width]; `frequencies` [width / 2] are listed twice in a row. */
export function rotaryTables(
  frequencies: LazyTensor,
  steps: number,
  form: RotaryForm,
): { cosine: LazyTensor; sine: LazyTensor } {
  const half = frequencies.shape[0] ?? 0
  const round = form === 'exact' ? Math.fround : bfloat16
  const table = (wave: (angle: number) => number) =>
    computed([steps, 1, 2 * half], () => {
      const rates = frequencies.read()
      const values = new Float32Array(steps * 2 * half)
      for (let step = 0; step < steps; step += 1)
        for (let column = 0; column < 2 * half; column += 1) {
          const angle = round(round(step) * round(rates[column % half] ?? 0))
          values[step * 2 * half + column] = round(wave(angle))
        }
      return values
    })
  return { cosine: table(Math.cos), sine: table(Math.sin) }
}

/** The nearest number with 8 significant bits, ties to even. */
export function bfloat16(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer)
  const word = bits[0] ?? 0
  bits[0] = (word + 0x7fff + ((word >>> 16) & 1)) & 0xffff0000
  return new Float32Array(bits.buffer)[0] ?? 0
}

/** x [1, t, heads · width] turned by tables [t, 1, width]. */
export function rotated(
  g: GraphBuilder,
  x: Value,
  tables: { cosine: Value; sine: Value },
  { heads, width }: { heads: number; width: number },
): Value {
  const split = g.op('Reshape', [x, g.ints([0, 0, heads, width])])
  const part = (from: number, to: number) => g.op('Slice', [split, g.ints([from]), g.ints([to]), g.ints([3])])
  const turned = g.op('Concat', [g.op('Neg', [part(width / 2, width)]), part(0, width / 2)], { axis: 3 })
  const sum = g.op('Add', [g.op('Mul', [split, tables.cosine]), g.op('Mul', [turned, tables.sine])])
  return g.op('Reshape', [sum, g.ints([0, 0, heads * width])])
}
