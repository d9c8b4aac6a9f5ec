import type { backups as en } from '../en/backups.ts'
import type { Translation } from '../translation.ts'

export const backups: Translation<typeof en> = {
  command: 'Sicherungen …',
  open: 'Sicherungen …',
  title: 'Sicherungen von {name}',
  lead: 'Wählen Sie eine, um zu sehen, was sie enthält. Vor dem Wiederherstellen wird der jetzige Stand gesichert.',
  damaged: 'Diese Sicherung ist selbst beschädigt. Wählen Sie eine andere.',
  holds: 'Enthält',
  held: 'Anzahl',
  since: 'Seither geändert',
  annotations: 'Annotationen',
  references: 'Referenzen',
  clips: 'Clips',
  editsSince: 'Seither keine Änderung. | Seither eine Änderung. | Seither {n} Änderungen.',
  notCompared: 'Das jetzige Korpus lässt sich nicht damit vergleichen.',
  lastEdits: 'Ihre letzten Änderungen',
}
