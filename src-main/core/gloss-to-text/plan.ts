import { AppError } from '#shared/contract/errors.ts'
import type { GlossToTextInput } from '#shared/contract/gloss-to-text.ts'
import type { ClipId, RunId } from '#shared/contract/ids.ts'
import type { ReadDb } from '../../db/types.ts'
import { resolveSelection } from '../clip/selection.ts'
import type { CorpusContext } from '../context.ts'
import { insertRun, rememberModel } from '../run/run.queries.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'
import { glossesOfClips, trainingExamples } from './gloss-to-text.queries.ts'
import { chooseExamples, type PromptExample } from './prompt.ts'

/** Kept with the job; the key is not among them. */
export interface GlossToTextParameters extends Omit<GlossToTextInput, 'selection' | 'agreedHost' | 'name'> {
  runId: RunId
  /** The address that the user agreed to when the job was made. */
  endpoint: string
  chosen: readonly PromptExample[]
}

type NewParameters = Omit<GlossToTextParameters, 'runId'>

interface Plan {
  endpoint: Endpoint
  items: { clipId: ClipId; glosses: string }[]
  withoutGlosses: number
  examples: PromptExample[]
}

/** Looks everything up and sends nothing. Refuses at once what every clip would fail on. */
export function planGlossToText(
  db: ReadDb,
  address: string,
  { selection, glossTier, examples: count, seed }: GlossToTextInput,
): Plan {
  const endpoint = endpointOf(address)
  const all = glossesOfClips(db, resolveSelection(db, selection), glossTier)
  const items = all.filter(({ glosses }) => glosses !== '')
  if (items.length === 0)
    throw new AppError(
      'invalid-input',
      glossTier === null
        ? 'None of these clips has glosses. Choose a tier that holds them, or import the clips with their glosses.'
        : `None of these clips has annotations on the tier "${glossTier}". Choose another tier or other clips.`,
    )
  const examples = chooseExamples(trainingExamples(db, glossTier), { count, seed })
  if (examples.length < count)
    throw new AppError(
      'invalid-input',
      `The split "train" has ${examples.length} clips with glosses and a sentence, and ${count} examples are asked for. Ask for fewer, or import training clips with glosses: examples never come from another split.`,
    )
  return { endpoint, items, withoutGlosses: all.length - items.length, examples }
}

export function parametersOf(
  { selection: _selection, agreedHost: _agreed, name: _name, ...asked }: GlossToTextInput,
  { endpoint, examples }: Plan,
): NewParameters {
  return { ...asked, endpoint: endpoint.address, chosen: examples }
}

/** Nobody outside the server knows which weights stand behind the name. */
export function fingerprintOf({ endpoint, model }: NewParameters): string {
  return `endpoint ${endpoint} ${model}`
}

/** All that is needed to ask again. */
export function saveRun(
  { db, now }: CorpusContext,
  parameters: NewParameters,
  { name, clips, host }: { name: string; clips: number; host: string },
): RunId {
  const { model, chosen, endpoint, ...settings } = parameters
  const kind = 'gloss-to-text'
  const facts = { name: model, version: '', kind, manifest: JSON.stringify({ endpoint }) }
  const kept = {
    origin: `answers of the server ${host}`,
    host,
    model,
    ...settings,
    inContextExamples: chosen.map(({ name: clip, glosses, text }) => ({ clip, glosses, text })),
  }
  return db.transaction(() => {
    const modelId = rememberModel(db, { ...facts, bundle: '', fingerprint: fingerprintOf(parameters) })
    return insertRun(db, { name, clips, modelId, kind, task: 'G2T', parameters: kept, warning: null }, now())
  })()
}
