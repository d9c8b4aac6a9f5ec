import type { compare as en } from '../en/compare.ts'
import type { Translation } from '../translation.ts'

export const compare: Translation<typeof en> = {
  parts: { scores: 'Werte', segments: 'Segmente' },
  runs: 'Läufe im Vergleich',
  madeBy: 'Erzeugt mit {model}',
  split: 'Teilmenge',
  everySplit: 'alle Teilmengen',
  tokenizer: 'Tokenisierung',
  autoTokenizer: 'Tokenisierung der Sprache',
  scores: 'Korpuswerte',
  metric: 'Maß',
  baseline: 'Vergleichsbasis',
  signature: 'Signatur',
  clips: 'keine Clips | ein Clip | {n} Clips',
  sort: 'Reihenfolge',
  sorts: {
    worse: 'größte Verluste zuerst',
    better: 'größte Gewinne zuerst',
    weakest: 'niedrigste BLEU zuerst',
    strongest: 'höchste BLEU zuerst',
    name: 'nach Name',
  },
  filter: 'Text in Referenzen oder Ausgaben',
  clearFilter: 'Filter aufheben',
  list: 'Clips mit den Ausgaben jedes Laufs',
  shown: '{n} von {total} Clips',
  outcomes: '{better} besser, {worse} schlechter, {same} gleich',
  leftOut:
    'keiner ausgelassen | einer ausgelassen: nicht jeder Lauf hat ihn übersetzt | {n} ausgelassen: nicht jeder Lauf hat sie übersetzt',
  deltaTip: 'Satz-BLEU des letzten Laufs minus die des ersten',
  scoresTip: 'Satz-BLEU · chrF',
  scoring: 'Wird bewertet …',
  noRuns: 'Noch gibt es nichts zu vergleichen',
  noRunsText:
    'Ein Lauf ist die Ausgabe eines Modells über eine Menge von Clips. Übersetzen Sie auf dem Korpus-Bildschirm einige Clips und kommen Sie zurück.',
  toCorpus: 'Zum Korpus',
  choose: 'Wählen Sie einen Lauf',
  chooseText: 'Wählen Sie oben zwei oder mehr Läufe, um sie nebeneinander zu sehen.',
  nothingShared: 'Diese Läufe haben keinen Clip gemeinsam',
  nothingSharedText: 'Vergleichbar sind nur Clips mit Referenz, die jeder gewählte Lauf übersetzt hat.',
  noMatch: 'Kein Clip enthält „{text}“',
}
