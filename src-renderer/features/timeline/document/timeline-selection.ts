import type { Annotation } from '#shared/contract/annotation.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { computed, type Ref, shallowRef } from 'vue'
import { type Interval, itemOf, itemsBetween } from './track.ts'
import { type AnnotationDocument, trackIn } from './use-annotations.ts'

interface Pointed {
  id: AnnotationId
  tierId: TierId
}

/** Which annotations and which tier the keys mean: one is picked, and more may be chosen with it. */
export function usePicked(document: AnnotationDocument, selection: Ref<Interval | null>) {
  const pointed = shallowRef<Pointed | null>(null)
  const others = shallowRef<readonly Pointed[]>([])
  const chosenTierId = shallowRef<TierId | null>(null)

  const tiers = computed(() => document.tiers.value.filter(tier => !tier.isSentenceView))
  const tierId = computed(() => {
    const isThere = tiers.value.some(tier => tier.id === chosenTierId.value)
    return isThere ? chosenTierId.value : (tiers.value[0]?.id ?? null)
  })
  const find = ({ id, tierId: on }: Pointed) => itemOf(document.tracks.value.get(on), id)
  const picked = computed(() => pointed.value && find(pointed.value))
  /** All that a command applies to, the picked one included. */
  const chosen = computed(() => {
    const rest = others.value.map(find).filter(item => item !== null)
    return picked.value ? [picked.value, ...rest.filter(item => item.id !== picked.value?.id)] : rest
  })

  /** Its span becomes the selection, so that it can be played and looped. */
  function pick(item: Annotation): void {
    others.value = []
    point(item)
  }

  function point(item: Annotation): void {
    pointed.value = item
    chosenTierId.value = item.tierId
    selection.value = { startMs: item.startMs, endMs: item.endMs }
  }

  function toggle(item: Annotation): void {
    const rest = chosen.value.filter(each => each.id !== item.id)
    const isAdded = rest.length === chosen.value.length
    const next = isAdded ? item : rest[0]
    if (!next) return unpick(item.tierId)
    point(next)
    others.value = rest
  }

  /** From the picked one to this one, along their tier. */
  function extendTo(item: Annotation): void {
    const from = picked.value
    if (!from || from.tierId !== item.tierId) return pick(item)
    const span = {
      startMs: Math.min(from.startMs, item.startMs),
      endMs: Math.max(from.endMs, item.endMs),
    }
    choose([...itemsBetween(trackIn(document, item.tierId), span.startMs, span.endMs - 1)], from)
    selection.value = span
  }

  function choose(items: readonly Annotation[], first = items[0]): void {
    if (!first) return unpick(null)
    point(first)
    others.value = items
  }

  function unpick(tier: TierId | null): void {
    pointed.value = null
    others.value = []
    if (tier !== null) chosenTierId.value = tier
  }

  return { picked, chosen, tiers, tierId, pick, toggle, extendTo, choose, unpick }
}

export type Picked = ReturnType<typeof usePicked>
