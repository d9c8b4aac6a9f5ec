import type { TableColumn } from '../../components/virtual-table.ts'
import type { TranslateText } from '../../composables/use-text.ts'

const TRACKS = [
  { id: 'check', width: '34px' },
  { id: 'thumbnail', width: '78px' },
  { id: 'name', width: 'minmax(112px, 0.9fr)', isSortable: true },
  { id: 'split', width: '62px', isSortable: true },
  { id: 'signer', width: '92px', isSortable: true },
  { id: 'duration', width: '72px', isSortable: true, align: 'end' },
  { id: 'reference', width: 'minmax(176px, 1.5fr)', isSortable: true },
  { id: 'state', width: '98px', isSortable: true },
  { id: 'hypothesis', width: 'minmax(156px, 1.3fr)' },
  { id: 'bleu', width: '66px', isSortable: true, align: 'end' },
  { id: 'chrf', width: '66px', isSortable: true, align: 'end' },
] as const

export function clipColumns(t: TranslateText): TableColumn[] {
  return TRACKS.map(track => ({ ...track, title: t(`corpus.column.${track.id}`) }))
}
