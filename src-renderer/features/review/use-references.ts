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

/**
 * What is typed into reference editors. Every key press is kept in the session's drafts until the core has stored
 * the text, so that neither a reload nor a lost connection takes it away.
 */
export function useReferences(drafts: Drafts, stored: () => Promise<void>) {
  const api = useApi()
  const notices = useNotices()
  const typed = shallowReactive(new Map<string, string>())
  const saving = shallowReactive(new Set<string>())
  /** Drafts lie in the session's storage, which tells nobody when it changes. */
  const draftChanges = shallowRef(0)

  function textOf({ owner, reference }: OpenText): string {
    void draftChanges.value
    return typed.get(keyOf(owner)) ?? drafts.read(owner)?.text ?? reference?.text ?? ''
  }

  function isDirty(open: OpenText): boolean {
    return textOf(open) !== (open.reference?.text ?? '')
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

  /** Stores what is typed; says whether everything typed is safe in the corpus. */
  async function save(open: OpenText): Promise<boolean> {
    const [key, text] = [keyOf(open.owner), textOf(open)]
    if (!isDirty(open)) return true
    if (saving.has(key)) return false
    saving.add(key)
    try {
      const target = open.reference ? { referenceId: open.reference.id } : {}
      await api.reference.save({ clipId: open.clipId, ...target, text })
      if (textOf(open) === text) drafts.drop(open.owner)
      await stored()
      if (typed.get(key) === text) typed.delete(key)
      draftChanges.value += 1
      return true
    } catch (error) {
      notices.error(error)
      return false
    } finally {
      saving.delete(key)
    }
  }

  async function add(clipId: ClipId, text: string, language?: string): Promise<boolean> {
    return attempt(() => api.reference.save({ clipId, text, ...(language && { language }) }))
  }

  async function remove(referenceId: ReferenceId): Promise<boolean> {
    return attempt(() => api.reference.remove({ referenceId }))
  }

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

  return { textOf, isDirty, isSaving: (open: OpenText) => saving.has(keyOf(open.owner)), type, discard, save, add, remove }
}

export type References = ReturnType<typeof useReferences>
