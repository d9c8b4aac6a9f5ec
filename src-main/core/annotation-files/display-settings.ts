import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { DisplaySettings } from '#shared/contract/annotation-file.ts'
import type { TierLayout } from '#shared/contract/annotation.ts'
import { AppError } from '#shared/contract/errors.ts'
import { prepared } from '../../db/prepared.ts'
import type { ReadDb } from '../../db/types.ts'
import { type EafPreferences, readPfsx } from '../../formats/eaf/pfsx.ts'
import { bytesOfFile } from '../../formats/file-bytes.ts'
import { readTierLayout } from '../annotation/tier-layout.ts'

/** The .pfsx beside an EAF; one that cannot be read is told and keeps nobody from the EAF. */
export type FoundDisplay = { file: string; preferences: EafPreferences } | { file: string; problem: string }

/** Looks for it again at every call: it may have been laid there since. */
export async function findDisplay(eafFile: string): Promise<FoundDisplay | null> {
  const stem = eafFile.replace(/\.[^./\\]*$/, '')
  const file = [`${stem}.pfsx`, `${stem}.PFSX`].find(path => existsSync(path))
  if (file === undefined) return null
  try {
    return { file, preferences: readPfsx(await bytesOfFile(file), file) }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { file, problem: error.message }
  }
}

export interface DisplayPlan {
  settings: DisplaySettings
  /** Where each tier of the file is shown, from 0; absent where ELAN kept no order. */
  ranks?: readonly number[]
  /** How the tiers of the corpus are shown afterwards, given the names that those of the file get in it. */
  layout: (names: readonly string[]) => TierLayout
}

const TAKEN = new Set(['MultiTierViewer.TierOrder', 'MultiTierViewer.HiddenTiers', 'TierColors'])

const HAS_NAME = prepared<[string], number>(`SELECT 1 FROM tier WHERE name = ? LIMIT 1`)

/**
 * What is taken over of it. Colours and hidden tiers go by name, in all recordings of the corpus: what its tiers of that
 * name are shown as already stays.
 */
export function planDisplay(
  db: ReadDb,
  found: FoundDisplay,
  tiers: readonly { name: string }[],
): DisplayPlan {
  const before = readTierLayout(db)
  const none = { file: found.file, ordered: 0, coloured: 0, hidden: 0, leftOut: [] }
  if ('problem' in found) return { settings: { ...none, problem: found.problem }, layout: () => before }
  const { tierOrder, hiddenTiers, tierColors, keys } = found.preferences
  const names = tiers.map(({ name }) => name)
  const isNew = (name: string) => names.includes(name) && HAS_NAME(db).get(name) === undefined
  const isFree = (name: string, colour: string) =>
    names.includes(name) && (before.colours[name] ?? colour) === colour
  const hidden = hiddenTiers.filter(isNew)
  const colours = Object.entries(tierColors).filter(([name, colour]) => isFree(name, colour))
  const ordered = tierOrder.filter(name => names.includes(name))
  const kept = (key: string, taken: readonly string[], all: readonly string[]) => {
    const left = all.filter(name => !taken.includes(name))
    return left.length > 0 ? [`${key} (${left.join(', ')})`] : []
  }
  return {
    settings: {
      ...none,
      ordered: ordered.length,
      coloured: colours.length,
      hidden: hidden.length,
      leftOut: [
        ...kept('MultiTierViewer.TierOrder', ordered, tierOrder),
        ...kept('MultiTierViewer.HiddenTiers', hidden, hiddenTiers),
        ...kept(
          'TierColors',
          colours.map(([name]) => name),
          Object.keys(tierColors),
        ),
        ...keys.filter(key => !TAKEN.has(key)),
      ],
      problem: null,
    },
    ...(ordered.length > 0 && { ranks: ranksOf(names, tierOrder) }),
    layout(taken) {
      const inCorpus = (name: string) => taken[names.indexOf(name)] ?? name
      return {
        ...before,
        hidden: [...new Set([...before.hidden, ...hidden.map(inCorpus)])],
        colours: {
          ...before.colours,
          ...Object.fromEntries(colours.map(([name, colour]) => [inCorpus(name), colour])),
        },
      }
    },
  }
}

/** Tiers that the order does not name come behind it, as in the file. */
function ranksOf(names: readonly string[], order: readonly string[]): number[] {
  const wanted = names.map((name, place) => {
    const at = order.indexOf(name)
    return { place, at: at < 0 ? order.length : at }
  })
  const shown = wanted.toSorted((a, b) => a.at - b.at || a.place - b.place).map(({ place }) => place)
  return names.map((_, place) => shown.indexOf(place))
}

/** What the log of an import, and its preview on the command line, say of it. */
export function displayNote({ file, ordered, coloured, hidden, leftOut }: DisplaySettings): string {
  const tiers = (count: number) => `${count} ${count === 1 ? 'tier' : 'tiers'}`
  const taken = [
    ...(ordered > 0 ? [`the order of ${tiers(ordered)}`] : []),
    ...(coloured > 0 ? [`the colours of ${tiers(coloured)}`] : []),
    ...(hidden > 0 ? [`which ${tiers(hidden)} ${hidden === 1 ? 'is' : 'are'} hidden`] : []),
  ]
  const left = leftOut.length > 0 ? ` Not taken over: ${leftOut.join(', ')}.` : ''
  return `${basename(file)}: ${taken.length > 0 ? `gives ${taken.join(', ')}` : 'gives nothing to take over'}.${left}`
}
