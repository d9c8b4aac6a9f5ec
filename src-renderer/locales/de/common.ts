import type { common as en } from '../en/common.ts'
import type { Translation } from '../translation.ts'

export const common: Translation<typeof en> = {
  close: 'Schließen',
  cancel: 'Abbrechen',
  save: 'Speichern',
  ok: 'OK',
  back: 'Zurück',
  next: 'Weiter',
  add: 'Hinzufügen',
  remove: 'Entfernen',
  retry: 'Erneut versuchen',
  choose: 'Auswählen …',
  browse: 'Durchsuchen …',
  dismiss: 'Meldung ausblenden',
  messages: 'Meldungen',
  loading: 'Wird geladen …',
  none: 'keine',
  all: 'alle',
  yes: 'ja',
  no: 'nein',
  more: 'Weitere Aktionen',
  unknown: 'unbekannt',
  clips: 'keine Clips | ein Clip | {n} Clips',
  tiers: '0 Ebenen | 1 Ebene | {n} Ebenen',
  annotations: '0 Annotationen | 1 Annotation | {n} Annotationen',
  files: 'keine Dateien | eine Datei | {n} Dateien',
  recordings: 'keine Aufnahmen | eine Aufnahme | {n} Aufnahmen',
  secondsLeft: 'noch {n} s',
  minutesLeft: 'noch {n} min',
  hoursLeft: 'noch {h} h {m} min',
  chart: {
    asPicture: 'Als Bild zeigen',
    asTable: 'Als Tabelle zeigen',
    save: 'Bild speichern',
    png: 'PNG, doppelt so groß wie auf dem Schirm',
    svg: 'SVG',
  },
  device: {
    auto: 'Das schnellste, das funktioniert',
    cpu: 'CPU',
    cuda: 'CUDA',
    webgpu: 'WebGPU',
    dml: 'DirectML',
    coreml: 'Core ML',
  },
  state: {
    new: 'neu',
    seen: 'gesehen',
    accepted: 'angenommen',
    corrected: 'korrigiert',
    flagged: 'markiert',
  },
  errors: {
    'not-found': {
      title: 'Nicht gefunden',
      remedy: 'Prüfen Sie Namen und Ort: Es wurde vielleicht verschoben oder entfernt.',
    },
    'invalid-input': {
      title: 'Das passt nicht',
      remedy: 'Korrigieren Sie die Eingabe und versuchen Sie es erneut.',
    },
    'corrupt-file': {
      title: 'Die Datei ist beschädigt',
      remedy:
        'Ersetzen oder kodieren Sie die Datei neu und versuchen Sie es erneut. Alles andere funktioniert weiter.',
    },
    'media-missing': {
      title: 'Das Video ist nicht mehr an seinem Ort',
      remedy: 'Schließen Sie das Laufwerk an oder verknüpfen Sie die Datei im Review-Fenster neu.',
    },
    'not-permitted': {
      title: 'Die Datei darf nicht gelesen werden',
      remedy:
        'Geben Sie Ihrem Benutzerkonto das Leserecht und versuchen Sie es erneut. Alles andere funktioniert weiter.',
    },
    unreachable: {
      title: 'Der Server ist nicht erreichbar',
      remedy: 'Prüfen Sie das Netz und den Server in den Einstellungen. Was schon da ist, bleibt erhalten.',
    },
    'device-failed': {
      title: 'Das Gerät hat versagt',
      remedy: 'Machen Sie mit der CPU weiter oder wählen Sie unter Modelle ein anderes Gerät.',
    },
    'ffmpeg-missing': {
      title: 'FFmpeg fehlt',
      remedy:
        'Installieren Sie FFmpeg 4.4 oder neuer, sodass es im PATH liegt, und starten Sie das Programm neu.',
    },
    'disk-full': {
      title: 'Der Datenträger ist voll',
      remedy: 'Schaffen Sie Platz und versuchen Sie es erneut. Zuvor Gespeichertes ist sicher.',
    },
    cancelled: {
      title: 'Abgebrochen',
      remedy: 'Sie können jederzeit neu starten.',
    },
    'model-unavailable': {
      title: 'Das Modell ist nicht verwendbar',
      remedy: 'Sehen Sie unter „Modelle“ nach: Prüfen Sie das Paket oder fügen Sie eines hinzu.',
    },
    'engine-crashed': {
      title: 'Die Rechenmaschine wurde beendet',
      remedy: 'Sie wurde neu gestartet. Versuchen Sie den Auftrag erneut, im Wiederholungsfall auf der CPU.',
    },
    conflict: {
      title: 'Zwischenzeitlich geändert',
      remedy: 'Angezeigt wird der neueste Stand. Wiederholen Sie Ihre Änderung, falls sie noch nötig ist.',
    },
    locked: {
      title: 'Anderswo in Benutzung',
      remedy: 'Schließen Sie das andere Programm oder Fenster und versuchen Sie es erneut.',
    },
    'no-corpus': {
      title: 'Kein Korpus geöffnet',
      remedy: 'Öffnen oder erstellen Sie zuerst auf der Startseite ein Korpus.',
    },
    'unsafe-file': {
      title: 'Die Datei wurde abgelehnt',
      remedy:
        'Sie enthält mehr als Daten. Beziehen Sie sie aus vertrauenswürdiger Quelle in einem sicheren Format.',
    },
    internal: {
      title: 'Etwas ist schiefgegangen',
      remedy:
        'Versuchen Sie es erneut. Tritt es wieder auf, melden Sie es mit der Protokollreferenz {reference}.',
    },
  },
  folder: {
    title: 'Ordner auswählen',
    titleFileOrFolder: 'Datei oder Ordner auswählen',
    path: 'Pfad',
    go: 'Öffnen',
    up: 'Übergeordneter Ordner',
    home: 'Persönlicher Ordner',
    empty: 'Dieser Ordner ist leer.',
    contents: 'Inhalt von {dir}',
    select: 'Diesen Ordner auswählen',
    selectCorpus: 'Korpus auswählen',
    selectEntry: '„{name}“ auswählen',
    corpus: 'Korpus',
    model: 'Modell',
    folder: 'Ordner',
    file: 'Datei',
    filter: 'Namen filtern',
    noMatch: 'Hier heißt nichts „{text}“.',
  },
}
