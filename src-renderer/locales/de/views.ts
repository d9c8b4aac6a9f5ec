import type { en } from '../en/index.ts'
import type { Translation } from '../translation.ts'

export const views: Translation<typeof en.views> = {
  videoOf: 'Video {name}',
  layout: 'Videos anordnen',
  layouts: { large: 'Eines groß, die anderen darunter', row: 'Nebeneinander', grid: 'Raster' },
  add: 'Video dieser Aufnahme hinzufügen …',
  full: 'Eine Aufnahme zeigt bis zu {n} Videos',
  remove: '{name} aus der Aufnahme nehmen',
  show: '{name} zeigen',
  hide: '{name} ausblenden',
  lead: 'Die anderen folgen {name}',
  leads: 'Die anderen folgen diesem Video',
  mute: '{name} stummschalten',
  unmute: '{name} hören',
  beginsAt: 'beginnt bei {time}',
  endedAt: 'endete bei {time}',
  wholePicture: '{zoom} % · ganzes Bild',
  align: 'Diese beiden Bilder sind derselbe Moment …',
  alignHint:
    'Die Pfeiltasten bewegen jetzt {name}. Halten Sie bei dem Moment an, den das führende Video zeigt, oder klicken Sie auf eine andere Ansicht.',
  alignConfirm: 'Derselbe Moment',
  offsetSet: 'Versatz: {ms} ms, {frames} Bilder.',
}
