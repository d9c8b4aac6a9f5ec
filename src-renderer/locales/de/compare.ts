import type { compare as en } from '../en/compare.ts'
import type { Translation } from '../translation.ts'

export const compare: Translation<typeof en> = {
  parts: { scores: 'Werte', segments: 'Segmente', published: 'Veröffentlicht' },
  runs: 'Läufe im Vergleich',
  madeBy: 'Erzeugt mit {model}',
  split: 'Split',
  everySplit: 'alle Splits',
  tokenizer: 'Tokenisierung',
  autoTokenizer: 'Tokenisierung der Sprache',
  scores: 'Korpuswerte',
  metric: 'Maß',
  baseline: 'Vergleichsbasis',
  scoring: 'Wird bewertet …',
  noRuns: 'Noch gibt es nichts zu vergleichen',
  noRunsText:
    'Ein Lauf ist die Ausgabe eines Modells über eine Menge von Clips. Übersetzen Sie auf dem Korpus-Bildschirm einige Clips und kommen Sie zurück.',
  toCorpus: 'Zum Korpus',
  choose: 'Wählen Sie einen Lauf',
  chooseText: 'Wählen Sie oben zwei oder mehr Läufe, um sie nebeneinander zu sehen.',
}
