import { AppError } from '#shared/contract/errors.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { JobControl } from '../job/handler.ts'
import type { JobItem, JobRecord } from '../job/job.queries.ts'
import { saveHypotheses, setRunDevice } from '../run/run.queries.ts'
import type { ApiKeys } from './api-keys.ts'
import { askChat, type ChatRequest } from './chat-client.ts'
import { assertKeySafe, endpointOf } from './endpoint.ts'
import { glossesOfClips } from './gloss-to-text.queries.ts'
import type { GlossToTextParameters } from './plan.ts'
import { examplesFor, messagesFor, sentenceIn } from './prompt.ts'

interface Task {
  job: JobRecord
  item: JobItem
  control: JobControl
}

const FIRST_PAUSE_MS = 1000

/** One clip: every question and every answer stands in the job's log, word for word. */
export async function runGlossToText(
  context: CorpusContext,
  { keys, pauseMs = FIRST_PAUSE_MS }: { keys: ApiKeys; pauseMs?: number | undefined },
  { job, item, control }: Task,
): Promise<void> {
  const parameters = JSON.parse(job.parameters) as GlossToTextParameters
  const { runId, timeoutSeconds, tries } = parameters
  const endpoint = endpointOf(parameters.endpoint)
  const key = await keys.get(endpoint.host)
  assertKeySafe(endpoint, key)
  const request = requestFor(context, item, parameters)
  control.log('info', `Asked ${endpoint.address}/chat/completions: ${JSON.stringify(request)}`)
  const answer = await askChat({
    endpoint: endpoint.address,
    key,
    request,
    patience: { tries, pauseMs, timeoutMs: timeoutSeconds * 1000 },
    signal: control.signal,
    onTrouble: message => control.log('warning', message),
  })
  control.log('info', `Answered: ${answer}`)
  const text = sentenceIn(answer)
  if (text === '')
    throw new AppError(
      'invalid-input',
      'The model wrote down thoughts and no sentence. Allow it more tokens.',
    )
  const { db } = context
  db.transaction(() => {
    saveHypotheses(db, runId, item.clipId, [{ text, score: null, tokens: null }])
    setRunDevice(db, runId, control.device(endpoint.host))
  })()
  announce(context, 'clip', item.clipId)
}

function requestFor(
  { db }: CorpusContext,
  { clipId }: JobItem,
  parameters: GlossToTextParameters,
): ChatRequest {
  const { model, examples: count, glossTier, chosen, temperature, seed, maxTokens } = parameters
  const glosses = glossesOfClips(db, [clipId], glossTier)[0]?.glosses ?? ''
  if (glosses === '') throw new AppError('invalid-input', 'The glosses of this clip have been removed.')
  const messages = messagesFor(parameters, examplesFor(chosen, { clipId, count }), glosses)
  return { model, messages, temperature, seed, max_tokens: maxTokens, stream: false }
}
