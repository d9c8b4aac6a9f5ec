import type { keys as en } from '../en/keys.ts'
import type { Translation } from '../translation.ts'

export const keys: Translation<typeof en> = {
  sheet: 'Tastenübersicht',
  sheetText: 'Alle Tasten der Belegung „{keymap}“, eine Seite je Modus. Drucken oder als PDF sichern.',
  everywhere: 'Auf jeder Seite',
  corpus: 'Korpus',
  review: 'Prüfen',
  edit: 'Eigene Tasten',
  editText:
    'Befehlen der Belegung „{keymap}“ eigene Tasten geben. Sie bleiben auf diesem Rechner; zum Mitnehmen exportieren.',
  search: 'Befehl oder Taste suchen',
  command: 'Befehl',
  keys: 'Tasten',
  where: 'Wo',
  add: 'Taste für „{command}“ hinzufügen',
  record: 'Tasten drücken …',
  recordHint: 'Tasten zusammen drücken. Esc lässt alles, wie es ist.',
  clear: '{chord} von „{command}“ entfernen',
  reset: 'Zurück zu den Tasten der Belegung',
  resetAll: 'Alle eigenen Tasten zurücksetzen …',
  resetAllText: 'Die Belegung „{keymap}“ bekommt für {n} Befehle ihre eigenen Tasten zurück.',
  resetAct: 'Zurücksetzen',
  exportOwn: 'Exportieren …',
  importOwn: 'Importieren …',
  imported: '{n} Befehle haben jetzt eigene Tasten.',
  browser: 'nicht im Browser',
  browserTip:
    'Der Browser behält {chord} für sich. Im Programm auf dem Schreibtisch wirkt es; hier eine andere Taste nehmen.',
  conflict: '{chord} bedeutet schon „{command}“.',
  replace: 'Dort wegnehmen',
  keepBoth: 'Für beide verwenden',
  own: 'eigen',
  none: 'keine Taste',
  noneFound: 'Kein Befehl und keine Taste passt zu „{text}“.',
  badFile: 'Das ist keine Datei mit eigenen Tasten: {problem} Bitte eine hier exportierte Datei wählen.',
  unknown: 'Ausgelassen, weil kein Befehl so heißt: {ids}.',
}
