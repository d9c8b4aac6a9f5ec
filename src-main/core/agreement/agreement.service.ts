import type {
  AgreementInput,
  AgreementReport,
  AgreementSelection,
  Disagreement,
  DisagreementKind,
} from '#shared/contract/agreement.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ReadDb } from '../../db/types.ts'
import type { CorpusContext } from '../context.ts'
import { listAnnotationsOf, listTiers, mediaDuration, type RatedAnnotation } from './agreement.queries.ts'
import { differencesOf, matchesOf } from './pair-tally.ts'
import { pairsOf, type RatedUnit, splitSuffix, unitsOf } from './rated-units.ts'
import { createReport } from './report.ts'

export interface DisagreementQuery extends AgreementInput {
  kinds: readonly DisagreementKind[]
  labels?: readonly [string | null, string | null] | undefined
  pair?: readonly [string, string] | undefined
  group?: string | undefined
  offset: number
  limit: number
}

export interface LoadedTier {
  rater: string
  name: string
  language: string
  tierId: RatedUnit['tiers'][number]['tier']['id']
  annotations: RatedAnnotation[]
}

/** A unit with its annotations. */
export interface LoadedUnit extends Omit<RatedUnit, 'tiers'> {
  tiers: LoadedTier[]
  untilMs: number
}

/** How much several annotators of the same recordings agree, and on what they do not. */
export function createAgreementService({ db }: CorpusContext) {
  /** What may be compared with what, largest first. */
  function choices({ separator }: { separator: string }) {
    const tiers = listTiers(db)
    const found = new Map<string, Choice>()
    const note = (by: Choice['by'], name: string, rater: string, recordingId: number) => {
      const key = `${by} ${name}`
      const choice = found.get(key) ?? { by, name, raters: new Set(), recordings: new Set() }
      found.set(key, choice)
      choice.raters.add(rater)
      choice.recordings.add(recordingId)
    }
    for (const tier of tiers) {
      note('name', tier.name, tier.name, tier.recordingId)
      const place = splitSuffix(tier.name, separator)
      if (place) note('suffix', place.group, place.rater, tier.recordingId)
      if (tier.participant !== '') note('participant', tier.type, tier.participant, tier.recordingId)
      if (tier.annotator !== '') note('annotator', tier.type, tier.annotator, tier.recordingId)
    }
    return [...found.values()]
      .filter(({ by, raters }) => by === 'name' || raters.size > 1)
      .map(({ by, name, raters, recordings }) => ({
        by,
        name,
        raters: [...raters].toSorted(),
        recordings: recordings.size,
      }))
      .toSorted((a, b) => b.recordings - a.recordings || (a.name < b.name ? -1 : 1))
  }

  /** All figures. Gives way to other calls after each recording, and stops where `signal` says so. */
  async function measure(input: AgreementInput, signal?: AbortSignal): Promise<AgreementReport> {
    const report = createReport(input)
    for (const unit of comparable(db, input.selection)) {
      report.add(loaded(db, unit))
      await giveWay(signal)
    }
    return report.finish(() => giveWay(signal))
  }

  async function disagreements(
    query: DisagreementQuery,
    signal?: AbortSignal,
  ): Promise<{ total: number; rows: Disagreement[] }> {
    const rows: Disagreement[] = []
    let total = 0
    for (const unit of comparable(db, query.selection)) {
      if (query.group !== undefined && unit.group !== query.group) continue
      for (const row of disagreementsOf(loaded(db, unit), query)) {
        if (total >= query.offset && rows.length < query.limit) rows.push(row)
        total += 1
      }
      await giveWay(signal)
    }
    return { total, rows }
  }

  return { choices, measure, disagreements }
}

async function giveWay(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(resolve => setImmediate(resolve))
  signal?.throwIfAborted()
}

interface Choice {
  by: AgreementSelection['by']
  name: string
  raters: Set<string>
  recordings: Set<number>
}

function comparable(db: ReadDb, selection: AgreementSelection): RatedUnit[] {
  const units = unitsOf(listTiers(db), selection)
  if (units.length > 0) return units
  const wanted = [...selection.names, ...selection.raters].join(', ')
  throw new AppError(
    'not-found',
    `No recording has tiers of two raters${wanted === '' ? '' : ` of ${wanted}`}. Choose two tiers that one recording has both of, or give its tiers a suffix such as @A, or an annotator.`,
    { details: { by: selection.by, names: selection.names } },
  )
}

function loaded(db: ReadDb, unit: RatedUnit): LoadedUnit {
  const tiers = unit.tiers.map(({ rater, tier }) => ({
    rater,
    name: tier.name,
    language: tier.language,
    tierId: tier.id,
    annotations: listAnnotationsOf(db, tier.id),
  }))
  const lastMs = tiers.reduce(
    (end, { annotations }) => annotations.reduce((last, { endMs }) => Math.max(last, endMs), end),
    0,
  )
  return { ...unit, tiers, untilMs: Math.max(mediaDuration(db, unit.recordingId), lastMs) }
}

/** In order of time. */
function disagreementsOf(unit: LoadedUnit, query: DisagreementQuery): Disagreement[] {
  const kinds = new Set(query.kinds)
  const found = pairsOf(unit.tiers)
    .filter(([a, b]) => !query.pair || (a.rater === query.pair[0] && b.rater === query.pair[1]))
    .flatMap(([a, b]) => {
      const label = labelsOf([a, b])
      const pair = {
        first: a.annotations.map(label),
        second: b.annotations.map(label),
        untilMs: unit.untilMs,
      }
      return differencesOf(pair, matchesOf(pair, query), query)
        .filter(({ kind }) => kinds.has(kind))
        .map(({ kind, first, second }) => described(unit, kind, sideOf(a, first), sideOf(b, second), [a, b]))
    })
    .filter(({ first, second }) => {
      if (!query.labels) return true
      return (first?.value ?? null) === query.labels[0] && (second?.value ?? null) === query.labels[1]
    })
  return found.toSorted((x, y) => startOf(x) - startOf(y))
}

const startOf = ({ first, second }: Disagreement) =>
  Math.min(first?.startMs ?? Infinity, second?.startMs ?? Infinity)

function sideOf({ tierId, annotations }: LoadedTier, at: number | null): Disagreement['first'] {
  const annotation = at === null ? undefined : annotations[at]
  if (!annotation) return null
  const { id, startMs, endMs, value } = annotation
  return { annotationId: id, tierId, startMs, endMs, value }
}

function described(
  { recordingId, recording }: LoadedUnit,
  kind: DisagreementKind,
  first: Disagreement['first'],
  second: Disagreement['second'],
  [a, b]: readonly [LoadedTier, LoadedTier],
): Disagreement {
  const isPair = first !== null && second !== null
  return {
    kind,
    recordingId,
    recording,
    firstTier: a.name,
    secondTier: b.name,
    first,
    second,
    beginByMs: isPair ? second.startMs - first.startMs : 0,
    endByMs: isPair ? second.endMs - first.endMs : 0,
  }
}

/** Numbers for the texts of these tiers, above 0. */
function labelsOf(tiers: readonly LoadedTier[]) {
  const numbers = new Map<string, number>()
  for (const { annotations } of tiers)
    for (const { value } of annotations) if (!numbers.has(value)) numbers.set(value, numbers.size + 1)
  return ({ startMs, endMs, value }: RatedAnnotation) => ({ startMs, endMs, label: numbers.get(value) ?? 0 })
}
