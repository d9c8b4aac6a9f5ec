import type { Reference } from '#shared/contract/clip.ts'
import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'
import { shallowReactive, shallowRef } from 'vue'
import { useApi } from '../../api/client.ts'
import { useNotices } from '../../stores/notices.ts'
import type { Drafts, DraftOwner } from './drafts.ts'

/** A sentence in an editor. */
export interface OpenText {
  owner: DraftOwner
  clipId: ClipId
  reference: Reference | null
}

function keyOf(owner: DraftOwner): string {
  return 'referenceId' in owner ? `reference-${owner.referenceId}` : `new-${owner.newFor}`
}

/** The texts in the editors. What differs from the stored text is kept in the session's drafts with every key press. */
function useTypedTexts(drafts: Drafts) {
  const typed = shallowReactive(new Map<string, string>())
  /** Drafts lie in the session's storage, which tells nobody when it changes. */
  const draftChanges = shallowRef(0)

  function textOf({ owner, reference }: OpenText): string {
    void draftChanges.value
    return typed.get(keyOf(owner)) ?? drafts.read(owner)?.text ?? reference?.text ?? ''
  }

  function type(open: OpenText, text: string): void {
    typed.set(keyOf(open.owner), text)
    if (text === (open.reference?.text ?? '')) drafts.drop(open.owner)
    else drafts.write(open.owner, { text, version: open.reference?.version ?? 0 })
  }

  function discard({ owner }: OpenText): void {
    typed.delete(keyOf(owner))
    drafts.drop(owner)
    draftChanges.value += 1
  }

  const isDirty = (open: OpenText) => textOf(open) !== (open.reference?.text ?? '')
  return { textOf, isDirty, type, discard }
}

/**
 * What is typed into reference editors, until the core has stored it: neither a reload nor a lost connection
 * takes it away.
 */
export function useReferences(drafts: Drafts, stored: () => Promise<void>) {
  const api = useApi()
  const notices = useNotices()
  const texts = useTypedTexts(drafts)
  const saving = new Map<string, Promise<boolean>>()

  async function attempt(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act()
      await stored()
      return true
    } catch (error) {
      notices.error(error)
      return false
    }
  }

  async function store(open: OpenText): Promise<boolean> {
    const text = texts.textOf(open)
    const target = open.reference ? { referenceId: open.reference.id } : {}
    const isStored = await attempt(() => api.reference.save({ clipId: open.clipId, ...target, text }))
    if (isStored && texts.textOf(open) === text) texts.discard(open)
    return isStored
  }

  /** Stores what is typed; says whether it is safe in the corpus. */
  async function save(open: OpenText): Promise<boolean> {
    const key = keyOf(open.owner)
    const underWay = saving.get(key)
    if (underWay) return underWay
    if (!texts.isDirty(open)) return true
    const attempted = store(open).finally(() => saving.delete(key))
    saving.set(key, attempted)
    return attempted
  }

  const remove = (referenceId: ReferenceId) => attempt(() => api.reference.remove({ referenceId }))
  return { ...texts, save, remove }
}

export type References = ReturnType<typeof useReferences>
