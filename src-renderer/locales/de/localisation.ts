import type { localisation as en } from '../en/localisation.ts'
import type { Translation } from '../translation.ts'

export const localisation: Translation<typeof en> = {
  title: 'Lokalisierung',
  open: 'Lokalisieren',
  model: 'Modell, das lokalisiert',
  measure: 'Was gezeigt wird',
  measures: {
    E: 'E: Wahrscheinlichkeit des Worts, mal der Anteil davon, der in dieser Zelle liegt. In der Summe über den Clip höchstens 1',
    A: 'A: Wahrscheinlichkeit des Worts unter allen Wörtern des Modells, Zelle für Zelle. Für lange und wiederholte Gebärden',
    cosine: 'Kosinus zwischen der Zelle und dem Prototyp des Worts',
  },
  threshold: 'Schwelle',
  thresholdTip: 'Zellen ab der Schwelle sind umrandet und benannt. Doppelklick: {value}, wie veröffentlicht',
  words: 'Welche Wörter gesucht werden',
  sources: { likeliest: 'Wahrscheinlichste Wörter', words: 'Meine Wörter' },
  addWord: 'Wort hinzufügen',
  removeWord: '{word} entfernen',
  seen: 'einmal im Training | {n}-mal im Training',
  unknown: 'Dafür hat das Modell keinen Prototyp: {words}',
  tier: 'Zeile, für die Segmente vorgeschlagen werden',
  tierName: 'Gloss',
  propose: 'Segmente vorschlagen ({n})',
  proposeTip:
    'Legt die benannten Segmente als Vorschläge auf die Zeile; annotiert ist nichts, bis Sie einen annehmen',
  proposed:
    'Nichts Neues vorzuschlagen ({known} bekannt). | Ein Segment vorgeschlagen ({known} bekannt). A nimmt an, E bearbeitet, Q lehnt ab, N und P gehen weiter. | {n} Segmente vorgeschlagen ({known} bekannt). A nimmt an, E bearbeitet, Q lehnt ab, N und P gehen weiter.',
  noSuggestions: 'In dieser Aufnahme gibt es keine offenen Vorschläge.',
  suggestion: 'Vorschlag: {word}, {score}',
  origin: 'Vorgeschlagen von {model}: „{word}“, {measure} {score} (Schwelle {threshold})',
  grid: 'Wo das Modell jedes Wort findet',
  gridHint: 'Pfeiltasten gehen von Zelle zu Zelle und von Wort zu Wort, Eingabe geht im Video zur Zelle.',
  cell: '{word}: {measure} = {value} · {from}–{to} s · Bilder {first}–{last}',
  above: 'Ab der Schwelle',
  presence: '{word}: E in der Summe über den Clip ist {share}',
  segment: '{word}, stärkste Zelle {score}',
  noModel:
    'Kein Modell hier kann lokalisieren. Konvertieren Sie auf dem Bildschirm Modelle einen Checkpoint der ersten Stufe von Sign2GPT.',
  noFeatures: 'Der Clip hat noch keine Merkmale von {model}.',
  noClip: 'Diese Aufnahme hat keine Clips: segmentieren Sie sie erst in Sätze.',
  extract: 'Extrahieren',
  noWords: 'Geben Sie die gesuchten Wörter ein. Gefunden wird nur, wofür das Modell einen Prototyp hat.',
  commands: {
    toggle: 'Zeigen, wo ein Modell Wörter findet',
    next: 'Nächster Vorschlag',
    previous: 'Voriger Vorschlag',
    accept: 'Vorschlag annehmen',
    edit: 'Vorschlag annehmen und bearbeiten',
    reject: 'Vorschlag ablehnen',
  },
}
