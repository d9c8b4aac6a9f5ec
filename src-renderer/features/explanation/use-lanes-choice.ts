import { computed } from 'vue'
import { useSettings } from '../../stores/settings.ts'

const PANEL = 'explanation'

/** Whether the lanes are shown; kept between sessions. */
export function useLanesChoice() {
  const settings = useSettings()
  return computed({
    get: () => settings.current.panels[PANEL] !== 0,
    set: isShown => void settings.savePanel(PANEL, isShown ? 1 : 0),
  })
}
