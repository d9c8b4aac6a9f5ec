import { z } from 'zod'
import type { EvaluatedDataset } from './dataset.types.ts'
import { dayOf, versionOf } from './release-descriptions.ts'
import type { Outline } from './release-outline.ts'

/** Names that are told one by one. */
const MOST_NAMES = 50

/** How many, and the first of their names: only of clips that are in the release that tells it. */
const NamedClips = z.object({ count: z.int(), names: z.array(z.string()).max(MOST_NAMES) })
type NamedClips = z.infer<typeof NamedClips>

/** An entry of `CHANGELOG.md`, as `manifest.json` has it. */
export const ReleaseChange = z.object({
  version: z.string(),
  date: z.string(),
  /** The release that it is held against; null for the first. */
  since: z.string().nullable(),
  clips: z.int(),
  addedClips: NamedClips,
  /** Which ones is nobody's business. */
  removedClips: z.int(),
  /** Clips that are in both, with other references. */
  editedClips: NamedClips,
  runs: z.array(z.string()),
  addedRuns: z.array(z.string()),
  removedRuns: z.array(z.string()),
})
export type ReleaseChange = z.infer<typeof ReleaseChange>

/** What two releases are held against each other by. */
export const ReleaseContents = z.object({
  /** A digest of the references by the name of the clip. */
  clips: z.record(z.string(), z.string()),
  runs: z.array(z.string()),
})
export type ReleaseContents = z.infer<typeof ReleaseContents>

/** A release that was written under the same name. */
export interface WrittenRelease {
  version: string
  /** The newest first. */
  changes: readonly ReleaseChange[]
  contents: ReleaseContents
}

export function contentsOf({ runs }: EvaluatedDataset, { clips }: Outline): ReleaseContents {
  return {
    clips: Object.fromEntries(clips.map(({ name, digest }) => [name, digest])),
    runs: runs.map(({ name }) => name),
  }
}

const isSame = (one: ReleaseContents, other: ReleaseContents): boolean =>
  JSON.stringify([Object.entries(one.clips).toSorted(), one.runs.toSorted()]) ===
  JSON.stringify([Object.entries(other.clips).toSorted(), other.runs.toSorted()])

const { compare } = new Intl.Collator('en', { numeric: true })

/** The one with the highest version below this one's. */
function previousOf(written: readonly WrittenRelease[], version: string): WrittenRelease | undefined {
  return written
    .filter(release => compare(release.version, version) < 0)
    .toSorted((a, b) => compare(b.version, a.version))[0]
}

/**
 * The changelog of a release, its own entry first. What was written under its version before does not count. Clips that
 * are not in this release are not named in the entries of earlier ones either.
 */
export function changesOf(dataset: EvaluatedDataset, outline: Outline): ReleaseChange[] {
  const present = ({ count, names }: NamedClips) => ({
    count,
    names: names.filter(name => outline.positions.has(name)),
  })
  return allChangesOf(dataset, outline).map(change => ({
    ...change,
    addedClips: present(change.addedClips),
    editedClips: present(change.editedClips),
  }))
}

function allChangesOf(dataset: EvaluatedDataset, outline: Outline): ReleaseChange[] {
  const written = dataset.written ?? []
  const version = versionOf(dataset)
  const contents = contentsOf(dataset, outline)
  const date = dayOf(dataset, outline)
  const itself = written.find(release => release.version === version)
  const [known, ...earlier] = itself?.changes ?? []
  // A corpus that was opened from a release knows its changelog, and not what it was held against.
  if (itself && known && isSame(itself.contents, contents)) return [{ ...known, date }, ...earlier]
  const previous = previousOf(written, version)
  return [{ version, date, ...differencesOf(previous, contents) }, ...(previous?.changes ?? [])]
}

const named = (names: readonly string[]): NamedClips => ({
  count: names.length,
  names: names.slice(0, MOST_NAMES),
})

function differencesOf(previous: WrittenRelease | undefined, { clips, runs }: ReleaseContents) {
  const names = Object.keys(clips).toSorted()
  const [clipsBefore, runsBefore] = [previous?.contents.clips ?? {}, previous?.contents.runs ?? []]
  const known = names.filter(name => Object.hasOwn(clipsBefore, name))
  return {
    since: previous?.version ?? null,
    clips: names.length,
    addedClips: named(previous ? names.filter(name => !Object.hasOwn(clipsBefore, name)) : []),
    removedClips: Object.keys(clipsBefore).length - known.length,
    editedClips: named(known.filter(name => clips[name] !== clipsBefore[name])),
    runs: [...runs].toSorted(),
    addedRuns: previous ? runs.filter(name => !runsBefore.includes(name)).toSorted() : [],
    removedRuns: runsBefore.filter(name => !runs.includes(name)).toSorted(),
  }
}

/** What the version of a release has to say of it; null where it does. */
export function versionProblem(dataset: EvaluatedDataset, outline: Outline): string | null {
  const version = versionOf(dataset)
  const written = dataset.written ?? []
  const itself = written.find(release => release.version === version)
  if (itself && !isSame(itself.contents, contentsOf(dataset, outline)))
    return `A release ${version} of this name was written with other content. Give this one a new version, so that both can be told apart.`
  const { since, editedClips } = changesOf(dataset, outline)[0]!
  const major = (text: string) => text.split('.')[0]
  if (since === null || editedClips.count === 0 || major(since) !== major(version)) return null
  return `References have been edited since ${since}: the first number of the version counts such changes.`
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** `3 clips: a, b, c`, `60 clips, among them a, b`. */
function told({ count, names }: NamedClips, one: string): string {
  if (names.length === 0) return counted(count, one)
  return `${counted(count, one)}${names.length < count ? ', among them' : ':'} ${names.join(', ')}`
}

function list(title: string, lines: readonly (string | false)[]): string[] {
  const said = lines.filter(line => line !== false)
  return said.length === 0 ? [] : [`### ${title}`, '', ...said.map(line => `- ${line}`), '']
}

/** `CHANGELOG.md`, after Keep a Changelog 1.1. */
export function changelog({ corpus }: EvaluatedDataset, changes: readonly ReleaseChange[]): string {
  return [
    '# Changelog',
    '',
    `What changed from release to release of ${corpus.name}.`,
    '',
    ...changes.flatMap(sectionOf),
  ].join('\n')
}

function sectionOf({ version, date, since, clips, runs, ...change }: ReleaseChange): string[] {
  const { addedClips, addedRuns, editedClips, removedClips, removedRuns } = change
  const heading = [`## [${version}] - ${date}`, '']
  if (since === null)
    return [...heading, `The first release: ${counted(clips, 'clip')}, ${counted(runs.length, 'run')}.`, '']
  const runsNamed = (names: string[]) => told({ count: names.length, names }, 'run')
  const lists = [
    ...list('Added', [
      addedClips.count > 0 && told(addedClips, 'clip'),
      addedRuns.length > 0 && runsNamed(addedRuns),
    ]),
    ...list('Changed', [editedClips.count > 0 && `references of ${told(editedClips, 'clip')}`]),
    ...list('Removed', [
      removedClips > 0 && counted(removedClips, 'clip'),
      removedRuns.length > 0 && runsNamed(removedRuns),
    ]),
  ]
  const nothing = ['No clip, no reference and no run has changed.', '']
  return [...heading, `Since ${since}:`, '', ...(lists.length > 0 ? lists : nothing)]
}
