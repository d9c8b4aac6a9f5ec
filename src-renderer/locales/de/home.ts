import type { home as en } from '../en/home.ts'
import type { Translation } from '../translation.ts'

export const home: Translation<typeof en> = {
  welcome: 'Willkommen bei Signwright',
  lead: 'Gebärdensprachkorpora annotieren, Übersetzungen von Modellen prüfen und Geprüftes veröffentlichen. Alles bleibt auf diesem Rechner.',
  recent: 'Zuletzt verwendete Korpora',
  open: 'Korpus öffnen',
  current: 'Jetzt geöffnet',
  demo: 'Demokorpus öffnen',
  newCorpus: 'Neues Korpus …',
  openFolder: 'Ordner öffnen …',
  chooseCorpus: 'Korpus öffnen',
  steps: {
    demo: {
      title: 'Umsehen',
      text: 'Das Demokorpus enthält kurze Clips mit gerenderten Gebärden und ein kleines Modell, das nur diese kennt. Es braucht keine GPU und keinen Download.',
    },
    own: {
      title: 'Eigenes mitbringen',
      text: 'Legen Sie ein Korpus an und importieren Sie einen Ordner mit Videos, PHOENIX-2014T, How2Sign oder eine Satztabelle. Medien bleiben, wo sie sind.',
    },
    go: {
      title: 'Weiterarbeiten',
      text: 'Öffnen Sie einen Korpusordner (NAME.signwright), den Sie oder jemand anderes angelegt hat.',
    },
  },
  openedAt: 'geöffnet {when}',
  gone: 'Der Ordner ist nicht da',
  forget: '„{name}“ aus dieser Liste entfernen',
  openNamed: '„{name}“ öffnen',
  noRecent: 'Hier stehen Korpora, die Sie geöffnet haben.',
  demoTag: 'Demo',
  reviewed: '{done} von {total} geprüft',
  stateShare: '{n} {state}',
  actions: {
    browse: 'Clips ansehen',
    review: 'Review',
    import: 'Importieren',
    export: 'Exportieren',
    close: 'Schließen',
  },
  create: {
    title: 'Neues Korpus',
    description: 'Ein Korpus ist ein eigener Ordner. Ihre Videos werden nicht hineinkopiert.',
    name: 'Name',
    namePlaceholder: 'Wetter-DGS',
    nameMissing: 'Geben Sie dem Korpus einen Namen.',
    place: 'Anlegen in',
    placeMissing: 'Wählen Sie den Ordner, in dem es angelegt wird.',
    result: 'Es entsteht {path}',
    make: 'Anlegen und importieren',
    choosePlace: 'Ort des Korpus',
  },
}
