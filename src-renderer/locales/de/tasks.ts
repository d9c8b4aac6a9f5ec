import type { tasks as english } from '../en/tasks.ts'
import type { Translation } from '../translation.ts'

export const tasks: Translation<typeof english> = {
  one: 'Aufgabe',
  label: 'Aufgabentypen',
  title: 'Was jeder Lauf in was übersetzt',
  text: 'Die Aufgabe bestimmt das Maß: Sätze werden mit Sätzen durch BLEU verglichen, Glossen mit Glossen durch die Wortfehlerrate. Strg+Z nimmt eine Wahl zurück.',
  names: {
    s2t: 'Gebärden zu Text',
    s2g2t: 'Gebärden zu Glossen, Glossen zu Text',
    s2gt: 'Gebärden zu Glossen und Text',
    g2t: 'Glossen zu Text',
    cslr: 'kontinuierliche Gebärdenerkennung',
    islr: 'Erkennung einzelner Gebärden',
  },
  importHint: 'Bei CSLR und ISLR sind die Ausgaben Glossen: Sie werden mit der Wortfehlerrate bewertet.',
  mixed:
    'Diese Läufe haben verschiedene Aufgaben ({tasks}). Systeme, die Glossen lesen oder mit ihnen trainiert wurden, bekommen mehr vorgelegt als solche, die nur Gebärden sehen.',
  elsewhere:
    'kein Lauf | Ein gewählter Lauf schreibt Glossen und fehlt hier; seine Wortfehlerrate steht unter Werte. | {n} gewählte Läufe schreiben Glossen und fehlen hier; ihre Wortfehlerraten stehen unter Werte.',
  glossScores: 'Glossen: Wortfehlerrate',
  reference: 'Verglichen mit',
  referenceTip: 'Womit die erkannten Glossen verglichen werden',
  cleanup: 'Bereinigung',
  cleanups: { none: 'keine', phoenix2014: 'PHOENIX-2014', phoenix2014t: 'PHOENIX-2014T' },
  cleanupTip:
    'Was veröffentlichter Code erst mit den Glossen beider Seiten tut, wie neccam/slt: Zeichen für keine Gebärde und Zusätze entfallen, Buchstaben werden verbunden, Wiederholungen zu einer',
  ownGlosses: 'Glossen, die mit den Clips kamen',
  tier: 'Zeile {name}',
  noGlosses: 'Es gibt keine Glossen zum Vergleichen',
  noGlossesText:
    'Wählen Sie oben eine Zeile, die diese Clips annotiert, oder importieren Sie die Clips noch einmal mit ihren Glossen.',
  substitutions: 'Ersetzt',
  deletions: 'Fehlend',
  insertions: 'Eingefügt',
  words: 'Glossen der Referenz',
}
