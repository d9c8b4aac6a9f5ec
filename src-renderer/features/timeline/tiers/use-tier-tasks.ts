import type { TierType } from '#shared/contract/annotation.ts'
import type { RecordingId, TierId, TierTypeId } from '#shared/contract/ids.ts'
import { type Ref, shallowRef } from 'vue'
import { useApi } from '../../../api/client.ts'
import { useAction } from '../../../composables/use-action.ts'
import { useRequest } from '../../../composables/use-request.ts'
import { onCorpusChange } from '../../../stores/corpus.ts'
import type { AnnotationDocument } from '../document/use-annotations.ts'
import type { TierForm, TierTask } from './tier-task.ts'

/** Adding, changing and removing tiers: what the dialog is open for, and what its answer does. */
export function useTierTasks(document: AnnotationDocument, recordingId: Readonly<Ref<RecordingId | null>>) {
  const api = useApi()
  const task = shallowRef<TierTask | null>(null)
  const { answer: types, load: loadTypes } = useRequest((signal): Promise<TierType[]> =>
    api.annotation.types(undefined, { signal }),
  )
  onCorpusChange(['tier'], () => task.value && void loadTypes())
  const close = () => (task.value = null)
  const tierOf = (tierId: TierId) => document.tiers.value.find(tier => tier.id === tierId)

  const { saving, dropping, moving } = useTierEdits(document, recordingId)

  function open(next: TierTask): void {
    task.value = next
    void loadTypes()
  }

  function edit(tierId: TierId): void {
    const tier = tierOf(tierId)
    if (tier) open({ kind: 'edit', tier })
  }

  const removing = useAction(async (tierId: TierId) => {
    const tier = tierOf(tierId)
    if (tier) open({ kind: 'remove', tier, ...(await api.annotation.countRemoval({ tierIds: [tierId] })) })
  })

  return {
    task,
    types,
    close,
    save: async (form: TierForm) => task.value && (await saving.run(task.value, form)) && close(),
    confirmRemove: async () => task.value && (await dropping.run(task.value)) && close(),
    add: (parentId: TierId | null = null) => open({ kind: 'add', parentId }),
    edit,
    move: (tierId: TierId, by: 1 | -1) => void moving.run(tierId, by),
    remove: (tierId: TierId) => void removing.run(tierId),
  }
}

function useTierEdits(document: AnnotationDocument, recordingId: Readonly<Ref<RecordingId | null>>) {
  const api = useApi()

  const saving = useAction(async (open: TierTask, { type, ...facts }: TierForm) => {
    if (open.kind === 'add' && recordingId.value !== null) {
      const typed = typeof type === 'number' ? { typeId: type } : { stereotype: type }
      await api.annotation.createTier({ recordingId: recordingId.value, ...facts, ...typed })
    }
    if (open.kind === 'edit') {
      const made =
        typeof type === 'number' ? null : await api.annotation.createType({ name: type, stereotype: type })
      const typeId = made?.id ?? (type as TierTypeId)
      await api.annotation.updateTier({ tierId: open.tier.id, changes: { ...facts, typeId } })
    }
    await document.load()
  })

  const dropping = useAction(async (open: TierTask) => {
    if (open.kind === 'remove') await api.annotation.removeTier({ tierId: open.tier.id })
    await document.load()
  })

  /** Up or down among its siblings. */
  const moving = useAction(async (tierId: TierId, by: 1 | -1) => {
    const tiers = document.tiers.value.filter(tier => !tier.isSentenceView)
    const tier = tiers.find(({ id }) => id === tierId)
    const siblings = tiers.filter(each => each.parentId === tier?.parentId)
    const other = siblings[siblings.findIndex(each => each.id === tierId) + by]
    if (!other || recordingId.value === null) return
    const swapped = tiers.map(({ id }) => (id === tierId ? other.id : id === other.id ? tierId : id))
    await api.annotation.orderTiers({ recordingId: recordingId.value, tierIds: swapped })
    await document.load()
  })

  return { saving, dropping, moving }
}

export type TierTasks = ReturnType<typeof useTierTasks>
