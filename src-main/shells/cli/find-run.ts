import { AppError } from '#shared/contract/errors.ts'
import type { Run } from '#shared/contract/run.ts'
import type { Api } from './session.ts'

/** A run by its name or number. */
export async function findRun(api: Api, text: string): Promise<Run> {
  const runs = await api.run.list()
  const run = runs.find(({ name }) => name === text) ?? runs.find(({ id }) => String(id) === text)
  if (run) return run
  throw new AppError(
    'not-found',
    `There is no run "${text}". Known runs: ${runs.map(({ name }) => name).join(', ') || 'none yet'}`,
  )
}

export async function assertSplit(api: Api, split: string | undefined): Promise<void> {
  const splits = ((await api.corpus.current())?.splits ?? []).map(known => known.split)
  if (split === undefined || splits.includes(split)) return
  throw new AppError(
    'not-found',
    `There is no split "${split}". Known splits: ${splits.filter(Boolean).join(', ') || 'none'}`,
  )
}

export async function assertGlossTier(api: Api, tier: string | undefined): Promise<void> {
  const tiers = tier === undefined ? [] : await api.run.glossTiers()
  if (tier === undefined || tiers.includes(tier)) return
  throw new AppError(
    'not-found',
    `There is no tier "${tier}" with annotations. Known tiers: ${tiers.join(', ') || 'none'}`,
  )
}

/** Two or more different runs, by names or numbers. */
export async function findRuns(api: Api, list: string): Promise<Run[]> {
  const runs: Run[] = []
  for (const name of list.split(',')) runs.push(await findRun(api, name.trim()))
  if (new Set(runs.map(({ id }) => id)).size === runs.length && runs.length > 1) return runs
  throw new AppError('invalid-input', 'Name two or more different runs: --runs A,B.')
}
