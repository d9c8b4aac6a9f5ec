import { AppError } from '#shared/contract/errors.ts'
import type { GlossToTextInput, GlossToTextPreview } from '#shared/contract/gloss-to-text.ts'
import type { Job } from '#shared/contract/job.ts'
import { announce, type CorpusContext } from '../context.ts'
import { findStoppedJob } from '../job/job.queries.ts'
import type { JobService } from '../job/job.service.ts'
import type { RunService } from '../run/run.service.ts'
import { type ApiKeys, KEY_VARIABLE } from './api-keys.ts'
import { assertKeySafe, type Endpoint, endpointOf } from './endpoint.ts'
import { fingerprintOf, parametersOf, planGlossToText, saveRun } from './plan.ts'
import { examplesFor, messagesFor } from './prompt.ts'

export interface GlossToTextDeps {
  jobs: JobService
  runs: RunService
  /** The address in the settings; empty where gloss-to-text is off. */
  glossEndpoint: () => string
  keys: ApiKeys
}

/** Glosses to sentences through a server that the user names. Nothing is sent before a job runs. */
export function createGlossToTextService(
  context: CorpusContext,
  { jobs, runs, glossEndpoint: address, keys }: GlossToTextDeps,
) {
  const { db } = context

  const plan = (input: GlossToTextInput) => planGlossToText(db, address(), input)

  function preview(input: GlossToTextInput): GlossToTextPreview {
    const { endpoint, items, withoutGlosses, examples } = plan(input)
    const [first] = items
    if (!first) throw new Error('A plan has a clip')
    const shown = examplesFor(examples, { clipId: first.clipId, count: input.examples })
    return {
      host: endpoint.host,
      isLocal: endpoint.isLocal,
      isReadable: !endpoint.isLocal && endpoint.address.startsWith('http:'),
      clips: items.length,
      withoutGlosses,
      prompt: messagesFor(input, shown, first.glosses),
    }
  }

  async function start(input: GlossToTextInput): Promise<Job> {
    const planned = plan(input)
    const { endpoint, items, withoutGlosses } = planned
    assertAgreed(endpoint, input.agreedHost)
    assertKeySafe(endpoint, await keys.get(endpoint.host))
    const parameters = parametersOf(input, planned)
    const clipIds = items.map(({ clipId }) => clipId)
    const weights = fingerprintOf(parameters)
    const wish = { kind: 'gloss-to-text', parameters, clipIds, weights, runName: input.name } as const
    const stopped = findStoppedJob(db, wish)
    if (stopped !== undefined) return jobs.retry(stopped)
    if (input.name) runs.assertFree(input.name)
    const name = input.name || runs.freeName(`${input.model} · glosses`)
    const runId = saveRun(context, parameters, { name, clips: items.length, host: endpoint.host })
    announce(context, 'run')
    const title = `Glosses to text with ${input.model} at ${endpoint.host}: ${name}`
    const warning = withoutGlosses > 0 ? `${withoutGlosses} clips have no glosses and are left out.` : null
    const job = { kind: 'gloss-to-text', title, unit: 'clips', total: items.length, runId, warning } as const
    return jobs.add(
      { ...job, parameters: { ...parameters, runId } },
      clipIds.map(clipId => ({ clipId, units: 1 })),
    )
  }

  async function key() {
    const hasServer = address().trim() !== ''
    const hasKey = hasServer && (await keys.get(endpointOf(address()).host)) !== null
    return { place: keys.place, variable: KEY_VARIABLE, hasKey }
  }

  async function saveKey(value: string | null) {
    const endpoint = endpointOf(address())
    assertKeySafe(endpoint, value)
    await keys.set(endpoint.host, value)
    return key()
  }

  return { preview, start, key, saveKey }
}

function assertAgreed({ host, isLocal }: Endpoint, agreedHost: string | undefined): void {
  if (isLocal || agreedHost === host) return
  throw new AppError(
    'not-permitted',
    `Glosses and example sentences would leave this machine for ${host}. Agree to that first; videos are never sent.`,
    { details: { host } },
  )
}
