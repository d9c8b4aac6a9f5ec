import type { ClipId, ReferenceId } from '#shared/contract/ids.ts'

/** What a draft belongs to: a reference, or one that a clip does not have yet. */
export type DraftOwner = { referenceId: ReferenceId } | { newFor: ClipId }

export interface Draft {
  text: string
  /** The version that it was typed over; 0 for a new reference. */
  version: number
}

/** Text that is typed and not stored yet. It outlives a reload, and a core that cannot be reached. */
export function createDrafts(storage: Storage, corpus: string) {
  const keyOf = (owner: DraftOwner) =>
    `draft:${corpus}:${'referenceId' in owner ? `reference:${owner.referenceId}` : `new:${owner.newFor}`}`

  function read(owner: DraftOwner): Draft | null {
    const stored = storage.getItem(keyOf(owner))
    const separator = stored?.indexOf(':') ?? -1
    if (stored === null || separator < 0) return null
    return { version: Number(stored.slice(0, separator)), text: stored.slice(separator + 1) }
  }

  function write(owner: DraftOwner, { text, version }: Draft): void {
    storage.setItem(keyOf(owner), `${version}:${text}`)
  }

  return { read, write, drop: (owner: DraftOwner) => storage.removeItem(keyOf(owner)) }
}

export type Drafts = ReturnType<typeof createDrafts>
