import type { RecordingId, TierId } from '#shared/contract/ids.ts'
import { computed, type Ref, shallowRef } from 'vue'
import type { TierTask } from './tier-task.ts'
import type { AnnotationDocument } from '../document/use-annotations.ts'

/** Adding, renaming and removing tiers: what the dialog is open for, and what its answer does. */
export function useTierTasks(document: AnnotationDocument, recordingId: Readonly<Ref<RecordingId | null>>) {
  const task = shallowRef<TierTask | null>(null)
  const names = computed(() => document.tiers.value.map(tier => tier.name))
  const nameOf = (tierId: TierId) => document.tiers.value.find(tier => tier.id === tierId)?.name ?? ''
  const close = () => (task.value = null)

  async function save(name: string): Promise<void> {
    const open = task.value
    if (open?.kind === 'rename' && (await document.renameTier(open.tierId, name))) close()
    if (
      open?.kind === 'add' &&
      recordingId.value !== null &&
      (await document.createTier(recordingId.value, name))
    )
      close()
  }

  async function confirmRemove(): Promise<void> {
    if (task.value?.kind === 'remove' && (await document.removeTier(task.value.tierId))) close()
  }

  function remove(tierId: TierId): void {
    const annotations = document.tracks.value.get(tierId)?.length ?? 0
    task.value = { kind: 'remove', tierId, name: nameOf(tierId), annotations }
  }

  return {
    task,
    names,
    close,
    save,
    confirmRemove,
    remove,
    add: () => void (task.value = { kind: 'add' }),
    rename: (tierId: TierId) => void (task.value = { kind: 'rename', tierId, name: nameOf(tierId) }),
  }
}
