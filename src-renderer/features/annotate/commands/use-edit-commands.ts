import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { shallowRef } from 'vue'
import { useCommands } from '../../../composables/use-commands.ts'
import { useText } from '../../../composables/use-text.ts'
import { useNotices } from '../../../stores/notices.ts'
import { freePart, type RecordingDocument, within } from '../document.ts'
import { type AnnotationEdits, creation, type Span } from '../edits.ts'
import type { Timeline } from '../timeline-link.ts'

/** What the time dialog is open for. */
export type TimeTask =
  | { kind: 'go' }
  | { kind: 'create'; tierId: TierId; span: Span }
  | { kind: 'times'; item: Annotation }
  | { kind: 'shift'; item: Annotation; later: readonly Annotation[]; takesLater: boolean }

export interface EditCommandDeps {
  document: RecordingDocument
  edits: AnnotationEdits
  timeline: () => Timeline | null
  nowMs: () => number | null
  durationMs: () => number
  ask: (task: TimeTask) => void
}

const NEW_LENGTH_MS = 500

/** Shifting an annotation, alone or with all that come later on its tier. */
export function shiftTask(document: RecordingDocument, item: Annotation, takesLater: boolean): TimeTask {
  const items = document.itemsOf(item.tierId)
  const at = items.findIndex(each => each.id === item.id)
  return { kind: 'shift', item, later: items.slice(at + 1), takesLater }
}

/** Tiers below a tier, at any depth, parents first. */
export function tiersBelow(tiers: readonly Tier[], tierId: TierId): Tier[] {
  const children = tiers.filter(tier => tier.parentId === tierId)
  return children.flatMap(child => [child, ...tiersBelow(tiers, child.id)])
}

/** Which annotation and tier the keys mean, and what is beside them. */
function createTargets({ document, timeline, durationMs }: EditCommandDeps) {
  const pickedItem = () => timeline()?.picked.picked.value ?? null
  const tierId = () => timeline()?.picked.tierId.value ?? null

  function neighbour(item: Annotation, by: 1 | -1): Annotation | null {
    const items = document.itemsOf(item.tierId)
    return items[items.findIndex(each => each.id === item.id) + by] ?? null
  }

  /** The gap before or after an annotation, at most as long as it is itself. */
  function gapBeside(item: Annotation, by: 1 | -1): Span {
    const length = item.endMs - item.startMs
    const other = neighbour(item, by)
    return by > 0
      ? { startMs: item.endMs, endMs: Math.min(item.endMs + length, other?.startMs ?? durationMs()) }
      : { startMs: Math.max(item.startMs - length, other?.endMs ?? 0), endMs: item.startMs }
  }

  return { pickedItem, tierId, neighbour, gapBeside }
}

type Targets = ReturnType<typeof createTargets>

/** A copied annotation with what hung on it. */
interface Copied {
  item: Annotation
  below: readonly Annotation[]
}

/** Copying inside the window: texts go to the system's clipboard from their editor, annotations stay here. */
function useClipboard(deps: EditCommandDeps, { pickedItem, tierId }: Targets) {
  const { t } = useText()
  const notices = useNotices()
  const { document, edits } = deps
  const copied = shallowRef<Copied | null>(null)

  function roomIn(tier: TierId, { startMs, endMs }: Span): Span | null {
    return freePart(document.itemsOf(tier), { startMs, endMs: Math.min(endMs, deps.durationMs()) })
  }

  function copy(withBelow: boolean): void {
    const item = pickedItem()
    if (!item) return
    const tiers = withBelow ? tiersBelow(document.tiers.value, item.tierId) : []
    const below = tiers.flatMap(tier => within(document.itemsOf(tier.id), item))
    copied.value = { item, below }
    notices.info(t('annotate.copied', { n: below.length + 1 }, below.length + 1))
  }

  async function paste(atMs: number | null): Promise<void> {
    const from = copied.value
    if (!from) return notices.info(t('annotate.nothingCopied'))
    const byMs = atMs === null ? 0 : Math.round(atMs) - from.item.startMs
    const moved = ({ startMs, endMs }: Span) => ({ startMs: startMs + byMs, endMs: endMs + byMs })
    const target = from.below.length > 0 ? from.item.tierId : (tierId() ?? from.item.tierId)
    const span = roomIn(target, moved(from.item))
    if (!span) return notices.info(t('annotate.noRoom'))
    const below = from.below.map(item => creation(item.tierId, moved(item), item.value))
    await edits.batch([creation(target, span, from.item.value), ...below])
  }

  return { copy, paste }
}

/** What changes annotations where they are. */
function useReshaping(deps: EditCommandDeps, { pickedItem, tierId, neighbour, gapBeside }: Targets) {
  const { t } = useText()
  const notices = useNotices()
  const { edits, timeline } = deps

  async function createBeside(by: 1 | -1): Promise<void> {
    const item = pickedItem()
    if (!item) return
    const gap = gapBeside(item, by)
    if (gap.endMs <= gap.startMs) return notices.info(t('annotate.noRoom'))
    const made = await edits.create(item.tierId, gap)
    if (made) timeline()?.edit(made)
  }

  async function copyToNext(): Promise<void> {
    const item = pickedItem()
    const next = item && neighbour(item, 1)
    if (item && next) await edits.update(next, { value: item.value })
  }

  function createTyped(): void {
    const [tier, nowMs] = [tierId(), deps.nowMs()]
    if (tier === null || nowMs === null) return
    const startMs = Math.round(nowMs)
    deps.ask({ kind: 'create', tierId: tier, span: { startMs, endMs: startMs + NEW_LENGTH_MS } })
  }

  return { createBeside, createTyped, copyToNext }
}

/** ELAN's annotation keys that go beyond the timeline's own. */
export function useEditCommands(deps: EditCommandDeps): void {
  const { timeline, ask } = deps
  const targets = createTargets(deps)
  const acts = { ...targets, ...useClipboard(deps, targets), ...useReshaping(deps, targets) }
  const when = () => acts.pickedItem() !== null
  const onPicked = (act: (item: Annotation) => unknown) => () => {
    const item = acts.pickedItem()
    if (item) void act(item)
  }
  const editNeighbour = (by: 1 | -1) =>
    onPicked(item => {
      const other = acts.neighbour(item, by)
      if (other) timeline()?.edit(other)
    })

  function moveTier(by: 1 | -1): void {
    const tiers = deps.document.tiers.value.filter(tier => !tier.isSentenceView)
    const at = tiers.findIndex(tier => tier.id === acts.tierId())
    const next = tiers[at + by]
    if (next) timeline()?.picked.unpick(next.id)
  }

  useCommands([
    { id: 'annotation.timeDialog', when, run: onPicked(item => ask({ kind: 'times', item })) },
    { id: 'annotation.shift', when, run: onPicked(item => ask(shiftTask(deps.document, item, false))) },
    { id: 'annotation.createTyped', when: () => acts.tierId() !== null, run: acts.createTyped },
    { id: 'annotation.createBefore', when, run: () => void acts.createBeside(-1) },
    { id: 'annotation.createAfter', when, run: () => void acts.createBeside(1) },
    { id: 'annotation.previousEdit', when, run: editNeighbour(-1) },
    { id: 'annotation.nextEdit', when, run: editNeighbour(1) },
    { id: 'annotation.copyToNext', when, run: () => void acts.copyToNext() },
    { id: 'annotation.copy', when, run: () => acts.copy(false) },
    { id: 'annotation.paste', run: () => void acts.paste(null) },
    { id: 'annotation.pasteHere', run: () => void acts.paste(deps.nowMs()) },
    { id: 'annotation.copyGroup', when, run: () => acts.copy(true) },
    { id: 'annotation.pasteGroup', run: () => void acts.paste(null) },
    { id: 'annotation.pasteGroupHere', run: () => void acts.paste(deps.nowMs()) },
    { id: 'tier.up', run: () => moveTier(-1) },
    { id: 'tier.down', run: () => moveTier(1) },
    {
      id: 'tier.remove',
      when: () => acts.tierId() !== null,
      run: () => {
        const tier = acts.tierId()
        if (tier !== null) timeline()?.removeTier(tier)
      },
    },
  ])
}
