import {
  ArrowDownToLine,
  ArrowUpFromLine,
  Boxes,
  ChartColumn,
  History,
  House,
  ListChecks,
  MonitorPlay,
  PencilRuler,
  Scale,
  ScanSearch,
  Settings,
  Star,
  TableProperties,
  WholeWord,
} from '@lucide/vue'
import type { Component } from 'vue'
import type { RouteName } from '../../router/index.ts'

export interface Screen {
  route: RouteName
  icon: Component
  keys: string
}

/** In the order of the rail. */
export const MAIN_SCREENS: readonly Screen[] = [
  { route: 'home', icon: House, keys: 'Alt+1' },
  { route: 'corpus', icon: TableProperties, keys: 'Alt+2' },
  { route: 'review', icon: MonitorPlay, keys: 'Alt+3' },
  { route: 'annotate', icon: PencilRuler, keys: 'Alt+0' },
  { route: 'search', icon: ScanSearch, keys: 'Alt+Shift+F' },
  { route: 'agreement', icon: Scale, keys: 'Alt+Shift+A' },
  { route: 'pseudo-glosses', icon: WholeWord, keys: 'Alt+G' },
  { route: 'compare', icon: ChartColumn, keys: 'Alt+4' },
  { route: 'rating', icon: Star, keys: 'Alt+Shift+R' },
  { route: 'history', icon: History, keys: 'Alt+H' },
  { route: 'models', icon: Boxes, keys: 'Alt+5' },
  { route: 'jobs', icon: ListChecks, keys: 'Alt+6' },
  { route: 'import', icon: ArrowDownToLine, keys: 'Alt+7' },
  { route: 'export', icon: ArrowUpFromLine, keys: 'Alt+8' },
]

export const SETTINGS_SCREEN: Screen = { route: 'settings', icon: Settings, keys: 'Alt+9' }
