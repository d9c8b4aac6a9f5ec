import type { downloads as en } from '../en/downloads.ts'
import type { Translation } from '../translation.ts'

export const downloads: Translation<typeof en> = {
  title: 'Basisgewichte',
  lead: 'Eine Konvertierung beginnt mit öffentlichen Gewichten. Sie werden nur geholt, wenn Sie es hier verlangen, vom Server aus den Einstellungen, und so abgelegt wie im Hugging-Face-Cache.',
  off: 'Downloads sind aus: Kein Server ist eingetragen. Ohne ihn wird nie etwas geholt.',
  openSettings: 'Server eintragen …',
  complete: 'heruntergeladen',
  ask: 'Nachsehen …',
  other: 'Anderes Repository: Organisation/Name',
  convert: 'Gewichte umwandeln …',
  convertHint: 'Öffnet die Konvertierung mit den heruntergeladenen Ordnern',
  dialogTitle: '{repository} herunterladen',
  revision: 'Revision',
  folder: 'Ordner',
  withWeights: 'Mit den Gewichten, nicht nur Konfiguration und Tokenizer',
  lookUp: 'Erneut nachsehen',
  asking: '{server} wird nach Namen und Größen gefragt …',
  from: 'Von',
  to: 'Nach',
  licence: 'Lizenz',
  licenceUnknown: 'hier nicht bekannt, nachzulesen unter',
  size: 'Größe',
  sizeOf: '{fetch} zu holen von {total}; {free} frei',
  fetch: '{size} herunterladen',
  nonCommercial:
    'Diese Lizenz schließt kommerzielle Nutzung aus. Das gilt für jedes Modell aus diesen Gewichten.',
  tight: 'In diesem Ordner ist nicht genug Platz. Schaffen Sie Platz oder wählen Sie einen anderen Ordner.',
  parts: {
    spatial: 'was ein Bild zeigt (CLIP)',
    motion: 'wie es sich bewegt (VideoMAE)',
    language: 'das Sprachmodell (T5)',
  },
  state: {
    there: 'vorhanden',
    cached: 'im Hugging-Face-Cache',
    begun: 'begonnen',
    missing: 'zu holen',
  },
}
