import type { GlossSetting } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { ReferenceId } from '#shared/contract/ids.ts'
import { findClip } from '../clip/clip.queries.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { findReference } from '../reference/reference.queries.ts'
import { findCorrection, findSetting } from './pseudo-gloss.queries.ts'
import type { Inputs } from './gloss-inputs.ts'

/** What users say about words and rules: edits, which stay whatever is tagged again. */
export function createCorrecting(context: CorpusContext, editing: Editing, setting: () => GlossSetting) {
  const { db } = context

  function saveSetting(wanted: GlossSetting): void {
    if (JSON.stringify(wanted) === JSON.stringify(setting())) return
    const known = findSetting(db)
    const row = {
      language: wanted.language,
      provider_id: wanted.providerId,
      splits: JSON.stringify(wanted.splits),
      rule: JSON.stringify(wanted.rule),
    }
    editing.run('Change the rule of pseudo-glosses', {}, tx => {
      if (known) tx.update('gloss_setting', known.id, row)
      else tx.insert('gloss_setting', row)
    })
  }

  function correct(input: Inputs['correct']): void {
    const referenceId = ReferenceId.parse(input.referenceId)
    const reference = findReference(db, referenceId)
    if (!reference)
      throw new AppError('not-found', 'This sentence is no longer in the corpus.', {
        details: { referenceId },
      })
    const { surface, isEverywhere = false } = input
    const place = isEverywhere
      ? { referenceId: null, surface, occurrence: 0 }
      : { referenceId, surface, occurrence: input.occurrence }
    const known = findCorrection(db, place)
    const said = {
      is_kept: given(input.isKept === undefined ? undefined : asFlag(input.isKept), known?.isKept),
      lemma: given(input.lemma, known?.lemma),
      pos: given(input.pos, known?.pos),
    }
    const isNothing = said.is_kept === null && said.lemma === null && said.pos === null
    const clip = findClip(db, reference.clipId)
    const label = isEverywhere
      ? `Pseudo-gloss of “${surface}” everywhere`
      : `Pseudo-gloss of “${surface}” in ${clip?.name ?? ''}`
    editing.run(label, {}, tx => {
      if (known && isNothing) tx.remove('gloss_correction', known.id)
      else if (known && isSame(said, known)) return
      else if (known) tx.update('gloss_correction', known.id, { ...said, ...by() })
      else if (!isNothing)
        tx.insert('gloss_correction', {
          reference_id: place.referenceId,
          surface,
          occurrence: place.occurrence,
          ...said,
          ...by(),
        })
    })
  }

  const by = () => ({ changed_at: context.now(), changed_by: context.author() })

  return { saveSetting, correct }
}

/** Absent: as it was. */
function given<Value>(wanted: Value | null | undefined, known: Value | null | undefined): Value | null {
  return wanted === undefined ? (known ?? null) : wanted
}

function asFlag(isKept: boolean | null): 0 | 1 | null {
  if (isKept === null) return null
  return isKept ? 1 : 0
}

function isSame(
  said: { is_kept: number | null; lemma: string | null; pos: string | null },
  known: { isKept: number | null; lemma: string | null; pos: string | null },
): boolean {
  return said.is_kept === known.isKept && said.lemma === known.lemma && said.pos === known.pos
}
