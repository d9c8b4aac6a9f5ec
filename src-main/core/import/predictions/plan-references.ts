import type { ReferenceChoice, ReferenceDifference } from '#shared/contract/predictions.ts'
import type { PredictionEntry } from '../../../formats/predictions/prediction-entry.ts'
import { isSameText, isSameWords } from './compare-references.ts'
import type { Candidate } from './match-clips.ts'
import type { PlannedSystem } from './plan-predictions.ts'
import type { ReadPredictions } from './what-was-read.ts'

export interface ReferenceChange {
  clip: string
  /** `first`: the clip has none; `new`: the clip is new too. */
  kind: 'first' | 'new' | 'add' | 'replace'
  text: string
}

export interface PlannedReferences {
  changes: ReferenceChange[]
  differences: ReferenceDifference[]
  same: number
  filled: number
}

/** What the file's references mean for those of the corpus, clip by clip. */
export function planReferences(
  read: ReadPredictions,
  systems: readonly PlannedSystem[],
  clips: ReadonlyMap<string, Candidate>,
  choice: ReferenceChoice,
): PlannedReferences {
  const planned: PlannedReferences = { changes: [], differences: [], same: 0, filled: 0 }
  for (const [clip, { texts, entry, isNew }] of textsOf(read, systems)) {
    const ours = clips.get(clip)?.references ?? []
    if (ours.length === 0) {
      planned.filled++
      for (const text of texts) planned.changes.push({ clip, kind: isNew ? 'new' : 'first', text })
      continue
    }
    const others = texts.filter(text => !ours.some(own => isSameText(own, text)))
    if (others.length === 0) planned.same++
    for (const theirs of others) {
      const [own = ''] = ours
      const { file, line } = entry
      planned.differences.push({ clip, file, line, ours: own, theirs, isFormOnly: isSameWords(own, theirs) })
      if (choice !== 'keep') planned.changes.push({ clip, kind: choice, text: theirs })
    }
  }
  planned.differences.sort((a, b) => Number(a.isFormOnly) - Number(b.isFormOnly))
  return planned
}

interface ClipTexts {
  texts: string[]
  entry: PredictionEntry
  isNew: boolean
}

/** Clip → the references that the files have for it, each once. */
function textsOf(read: ReadPredictions, systems: readonly PlannedSystem[]): Map<string, ClipTexts> {
  const found = new Map<string, ClipTexts>()
  const clipOf = new Map<string, { clip: string; isNew: boolean }>()
  const add = (clip: string, isNew: boolean, entry: PredictionEntry, texts: readonly string[]) => {
    const known = found.get(clip) ?? { texts: [], entry, isNew }
    for (const text of texts)
      if (text !== '' && !known.texts.some(each => isSameText(each, text))) known.texts.push(text)
    if (known.texts.length > 0) found.set(clip, known)
  }
  for (const { rows } of systems)
    for (const { entry, clip, isNewClip } of rows) {
      if (clip === null) continue
      if (entry.name !== '') clipOf.set(entry.name, { clip, isNew: isNewClip })
      add(clip, isNewClip, entry, entry.references)
    }
  for (const entry of read.references) {
    const target = clipOf.get(entry.name)
    if (target) add(target.clip, target.isNew, entry, [entry.text.trim()])
  }
  return found
}
