import type { density as en } from '../en/density.ts'
import type { Translation } from '../translation.ts'

export const density: Translation<typeof en> = {
  title: 'Dichte der Merkmale',
  command: 'Dichte der Merkmale messen',
  open: 'Dichte …',
  openTip: 'Wie weit die Merkmale verschiedener Glossen auseinanderliegen (Sign Density Ratio von SignCL)',
  lead: 'Wie weit Vorkommen einer Glosse auseinanderliegen, geteilt durch den Abstand der Glossen: die Sign Density Ratio von SignCL (Ye et al., 2024). Merkmale mit hohem Wert sind schwer zu unterscheiden.',
  model: 'Merkmale von',
  stream: 'Merkmale',
  streams: {
    spatial: 'räumlich, Bild für Bild',
    motion: 'Bewegung, Fenster',
    zstar: 'Z*, gewählte Bilder',
  },
  source: 'Glossen aus',
  sources: { tier: 'einer Ebene', localised: 'Lokalisierung' },
  tier: 'Ebene',
  instance: 'Vorkommen',
  instanceChoices: {
    centre: 'Mitte der Gebärde',
    mean: 'Mittel der Gebärde',
    every: 'jedes Merkmal',
  },
  instanceTips: {
    centre: 'Das Merkmal, das der Mitte der Gebärde am nächsten ist: eines je Gebärde, wie im Artikel',
    mean: 'Das Mittel der Merkmale, deren Mitte in der Gebärde liegt',
    every:
      'Jedes Merkmal, dessen Mitte in der Gebärde liegt; Nachbarn in einer Gebärde gleichen sich: nicht mit dem Artikel vergleichbar',
  },
  least: 'Mindestzahl',
  measure: 'Messen',
  phases: {
    glosses: 'Glossen werden lokalisiert …',
    features: 'Merkmale werden gelesen …',
    distances: 'Abstände werden gemessen …',
  },
  empty: {
    title: 'Noch ist nichts gemessen',
    text: 'Wählen Sie extrahierte Merkmale und was sagt, welches Stück eines Clips welche Glosse ist, und drücken Sie Messen.',
    noTier:
      'Glossen kommen aus einer Ebene mit Annotationen, die dieses Korpus nicht hat, oder von einem Modell, das lokalisiert. Wählen Sie es und drücken Sie Messen.',
  },
  measured: '{glosses} Glossen, {instances} Vorkommen in {clips} Clips, je {columns} Zahlen.',
  leftOut: {
    withoutFeatures: 'Ohne Merkmale, ausgelassen: {names} ({n}).',
    misfits: 'Merkmale passen nicht zu den Bildern, ausgelassen: {names} ({n}).',
    withoutGlosses: 'Clips ohne Glosse: {n}.',
    tooShort: 'Gebärden, zu kurz für ein Merkmal: {n}.',
    tooFew: 'Glossen mit zu wenig Vorkommen, ausgelassen: {names} ({n}).',
    beyondMost: 'Vorkommen häufiger Glossen, die nicht genommen wurden: {n}.',
  },
  ratio: 'SDR',
  ratioTip:
    'Sign Density Ratio: mittlerer Abstand innerhalb einer Glosse durch mittleren Abstand zu den anderen; das Mittel über die Glossen. 100 %: innen so weit wie dazwischen',
  intra: 'Innerhalb',
  intraTip: 'Mittlerer euklidischer Abstand zweier Vorkommen einer Glosse',
  inter: 'Dazwischen',
  interTip: 'Mittlerer euklidischer Abstand von Vorkommen zweier Glossen, gemittelt über die anderen Glossen',
  nearest: 'Nächste Glosse',
  nearestTip: 'Die Glosse mit dem kleinsten mittleren Abstand',
  distance: 'Abstand',
  gloss: 'Glosse',
  glosses: 'Dichte jeder Glosse',
  instances: 'Vorkommen',
  clip: 'Clip',
  mark: 'Im Bild hervorheben',
  others: 'andere Glossen',
  plane: 'Vorkommen in der Ebene ihrer zwei größten Hauptkomponenten',
  axis: 'Komponente {n} ({share})',
  distances: 'Abstände innerhalb von und zwischen Glossen',
  box: { min: 'kleinster', q1: 'Viertel', median: 'Median', q3: 'drei Viertel', max: 'größter' },
}
