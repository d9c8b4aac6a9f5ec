import type { GlossProvider, GlossSetting } from '#shared/contract/pseudo-gloss.ts'
import type { ReadDb } from '../../db/types.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { JobControl, JobOutcome } from '../job/handler.ts'
import type { LanguageTools } from './language-tools.ts'
import {
  listReferences,
  listTaggings,
  type ReferenceRow,
  saveSentence,
  saveTagging,
} from './pseudo-gloss.queries.ts'
import { stored } from './stored-words.ts'

export interface TagParameters {
  imported: boolean
}

export interface TagDeps {
  language: Pick<LanguageTools, 'tag' | 'providers'>
  setting: () => GlossSetting
}

/** Sentences that are stored at once: some ten milliseconds of the core's thread. */
const BATCH = 200

/** What is tagged stays so when the job stops; the same wish again goes on behind it. */
export async function runTagging(
  context: CorpusContext,
  { language, setting }: TagDeps,
  { imported }: TagParameters,
  control: JobControl,
): Promise<JobOutcome> {
  const { db } = context
  const chosen = setting()
  const { providers } = language
  const provider = providers.choose(chosen.language, chosen.providerId)
  const source = providers.sourceOf(provider)
  const todo = listReferences(db, chosen.language).filter(toTag(db, provider, imported))
  const taggingId = saveTagging(db, taggingOf(provider, context.now()))
  control.progress(0, todo.length)
  for (let from = 0; from < todo.length; from += BATCH) {
    control.signal.throwIfAborted()
    const batch = todo.slice(from, from + BATCH)
    const tokens = await language.tag(
      source,
      batch.map(({ text }) => text),
    )
    control.signal.throwIfAborted()
    db.transaction(() =>
      batch.forEach(({ referenceId, text }, at) =>
        saveSentence(db, { referenceId, taggingId, text, words: stored(tokens[at] ?? []) }),
      ),
    ).immediate()
    control.progress(Math.min(from + BATCH, todo.length), todo.length)
  }
  control.log('info', `${todo.length} sentences tagged by ${provider.name} ${provider.version}.`)
  announce(context, 'pseudo-gloss')
  return {}
}

function taggingOf({ id, name, version, trained }: GlossProvider, madeAt: number) {
  return { providerId: id, name, version, sha256: trained?.sha256 ?? '', isImported: 0, madeAt }
}

/** Which sentences this tagger has not tagged as they are. */
export function toTag(
  db: ReadDb,
  provider: GlossProvider,
  imported: boolean,
): (row: ReferenceRow) => boolean {
  const taggings = listTaggings(db)
  const { providerId, version, sha256 } = taggingOf(provider, 0)
  const same = taggings.find(
    each => each.providerId === providerId && each.version === version && each.sha256 === sha256,
  )
  const kept = new Set(
    imported ? [] : taggings.filter(({ isImported }) => isImported === 1).map(({ id }) => id),
  )
  return ({ taggingId }) => taggingId === null || (taggingId !== same?.id && !kept.has(taggingId))
}
