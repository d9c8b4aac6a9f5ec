import type { explanation as en } from '../en/explanation.ts'
import type { Translation } from '../translation.ts'

export const explanation: Translation<typeof en> = {
  title: 'Wohin das Modell sah',
  attention: 'Aufmerksamkeit',
  nearest: 'Nächste Wörter',
  most: 'meiste',
  toggle: 'Spuren',
  toggleTip: 'Unter dem Video zeigen, wohin das Modell für jedes Wort sah',
  chosen: 'die gewählte Ausgabe',
  wordTip: 'Zeigt, wohin das Modell sah, als es dieses Wort schrieb; ein Klick springt zum Gipfel',
  peak: '{word}: Gipfel bei {seconds} s',
  honest:
    'Aufmerksamkeit, kein Beweis: eine Zeile je Wort, am hellsten dort, wohin der Decoder sah, als er es schrieb (Mittel der oberen Schichten). Ein Modell kann an eine Stelle sehen und von einer anderen wissen.',
  nearestTip:
    'Für jedes visuelle Token der Eintrag des Vokabulars mit der nächsten Einbettung: wem das Token ähnelt, keine Übersetzung. Durchgezogen: Bilder; gestrichelt: Bewegungsfenster, die fast den ganzen Clip gesehen haben.',
  spatialToken: '{words} · Bilder {from}–{to} s | {words} · {n} Token, Bilder {from}–{to} s',
  motionToken:
    '{words} · Bewegungsfenster {from}–{to} s | {words} · {n} Token, Bewegungsfenster {from}–{to} s',
  ctc: {
    title: 'Labels des Erkenners, Schritt für Schritt',
    both: 'Glossen',
    bothTip:
      'Wozu die Schritte zusammenfallen: Präfix-Strahlsuche und wahrscheinlichstes Label jedes Schritts stimmen überein',
    beam: 'Präfix-Strahl',
    beamTip: 'Die Folge, deren Pfade zusammen am wahrscheinlichsten sind (Präfix-Strahlsuche)',
    greedy: 'Bester Pfad',
    greedyTip: 'Das wahrscheinlichste Label jedes Schritts, Wiederholungen verbunden und Blanks weggelassen',
    blank: '∅ Blank',
    blankShare: 'Blank am besten: {share} %',
    glossTip:
      '{gloss}: Schritte {first}–{last} auf dem wahrscheinlichsten Pfad, P = {probability} im stärksten',
    labelTip: '{gloss}: Schritte {first}–{last}',
    honest:
      'Eine Spalte je Schritt des Erkenners, eine Zeile je Label: je dunkler, desto wahrscheinlicher; ab 0,5 umrandet. Mit CTC trainierte Netze feuern kurz, oft spät, und sagen dazwischen Blank: in so viel Prozent der Schritte ist er das Wahrscheinlichste. Die Spanne einer Glosse ist, wo sie feuert, nicht wie lange die Gebärde dauert.',
  },
  none: 'Noch hat kein Lauf diesen Clip übersetzt: nichts zu erklären.',
  imported: 'Diese Ausgabe kam aus einer Datei: wohin ihr System sah, ist nicht bekannt.',
  glosses: 'Dieser Lauf las die Glossen des Clips und sah das Video nie.',
  earlier:
    'Dieser Lauf stammt aus einer früheren Version, die keine Aufmerksamkeit aufhob. Den Clip neu übersetzen, um sie zu sehen.',
  changed: 'Das Video hat weniger Bilder als beim Übersetzen. Den Clip neu übersetzen.',
  noWords: 'Diese Ausgabe hat keine Wörter.',
}
