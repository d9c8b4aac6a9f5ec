import { relative } from 'node:path'
import type { ImportIssue } from '#shared/contract/transfer.ts'
import type { PlannedClip } from './plan.ts'

const SPLIT_NAMES = new Set(
  'train training trn dev devel val valid validation test tst eval held-out heldout demo pretrain dev1 dev2 test1 test2'.split(
    ' ',
  ),
)

export const isKnownSplit = (split: string): boolean => SPLIT_NAMES.has(split.trim().toLowerCase())

/** Path of an issue's file as the user knows it: from the imported folder on. */
export function shownFile(root: string, path: string): string {
  const fromRoot = relative(root, path)
  return fromRoot === '' || fromRoot.startsWith('..') ? path : fromRoot.replaceAll('\\', '/')
}

/** What is wrong among the clips themselves; marks those that cannot come in. The clips keep their order. */
export function checkClips(root: string, clips: PlannedClip[], hasTexts: boolean): ImportIssue[] {
  const issues: ImportIssue[] = []
  const report = (severity: ImportIssue['severity'], clip: PlannedClip, message: string) =>
    issues.push({ severity, file: shownFile(root, clip.origin), line: clip.line, message })

  markDoubles(root, clips)
  for (const clip of clips) {
    if (clip.problem) report('error', clip, clip.problem)
    else if (hasTexts && clip.text === '' && clip.line !== null)
      report('warning', clip, `${clip.name} has no text. It is imported without a reference.`)
    else if (hasTexts && clip.line === null)
      report('info', clip, `No line of the table names ${clip.name}. It is imported without a reference.`)
  }
  return [...issues, ...checkSplits(root, clips)]
}

/** Ids are unique in a corpus: the first clip of a name comes in, the others are told apart by file and line. */
function markDoubles(root: string, clips: PlannedClip[]): void {
  const firstOf = new Map<string, PlannedClip>()
  for (const clip of clips) {
    const first = firstOf.get(clip.name)
    if (!first) firstOf.set(clip.name, clip)
    else if (!clip.problem)
      clip.problem = `There are two clips named ${clip.name}: the other is in ${place(root, first)}. Give each a name of its own; the first is imported.`
  }
}

function place(root: string, clip: PlannedClip): string {
  const file = shownFile(root, clip.origin)
  return clip.line === null ? file : `${file}, line ${clip.line}`
}

function checkSplits(root: string, clips: readonly PlannedClip[]): ImportIssue[] {
  const unknown = new Map<string, { first: PlannedClip; count: number }>()
  for (const clip of clips) {
    if (clip.problem || clip.split === '' || isKnownSplit(clip.split)) continue
    const seen = unknown.get(clip.split)
    if (seen) seen.count++
    else unknown.set(clip.split, { first: clip, count: 1 })
  }
  return [...unknown].map(([split, { first, count }]) => ({
    severity: 'warning',
    file: shownFile(root, first.origin),
    line: first.line,
    message: `“${split}” (${count} ${count === 1 ? 'clip' : 'clips'}) is not a usual name of a split (train, dev, val, test). It is kept as it is.`,
  }))
}
