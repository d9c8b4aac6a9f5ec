import { computed } from 'vue'
import { useThemeColours } from './use-theme-colours.ts'

/** The fills that belong to the hues of `runHue`, in its order. */
const FILLS = ['accent', 'violet-fill', 'warn-fill', 'good-fill', 'bad-fill'] as const

/** The colour of a run in drawings that CSS does not reach. */
export function useRunColours() {
  const colours = useThemeColours(FILLS)
  return computed(
    () =>
      (runId: number): string =>
        colours.value[FILLS[(runId - 1) % FILLS.length] ?? FILLS[0]],
  )
}
