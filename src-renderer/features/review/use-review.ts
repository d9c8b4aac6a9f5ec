import type { ClipDetail } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import { computed, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { useText } from '../../composables/use-text.ts'
import { useCorpus } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'
import { createDrafts } from './drafts.ts'
import { neighbour } from './queue-order.ts'
import type { ClipDetailState } from './use-clip-detail.ts'
import { type OpenText, useReferences } from './use-references.ts'
import type { ReviewQueue } from './use-review-queue.ts'

/** The first reference of a clip, or the one that it does not have yet. */
function primaryOf(clip: ClipDetail): OpenText {
  const reference = clip.references[0] ?? null
  return {
    owner: reference ? { referenceId: reference.id } : { newFor: clip.id },
    clipId: clip.id,
    reference,
  }
}

/** What a reviewer does to a clip: correct, accept, flag, go on. */
export function useReview(
  currentId: Readonly<Ref<ClipId | null>>,
  queue: ReviewQueue,
  detail: ClipDetailState,
) {
  const router = useRouter()
  const corpus = useCorpus()
  const notices = useNotices()
  const { t } = useText()
  const references = useReferences(createDrafts(sessionStorage, corpus.current?.dir ?? ''), detail.load)
  const primary = computed(() => detail.clip.value && primaryOf(detail.clip.value))

  function openClip(clipId: ClipId): void {
    void router.replace({ name: 'review', params: { clipId: String(clipId) } })
  }

  async function save(): Promise<boolean> {
    return primary.value === null || references.save(primary.value)
  }

  async function open(by: 1 | -1): Promise<void> {
    const next = neighbour(queue.ids.value, currentId.value, by)
    if (!(await save())) return
    if (next === null) notices.info(t(by > 0 ? 'review.atEnd' : 'review.atStart'))
    else openClip(next)
  }

  /** A clip that was looked at and left as it is counts as seen. */
  async function saveAndNext(): Promise<void> {
    // Asked before the save: what it corrects is corrected, whether the clip was read again yet or not.
    const isAsItIs = primary.value === null || !references.isDirty(primary.value)
    if (!(await save())) return
    if (isAsItIs && detail.clip.value?.state === 'new') await detail.setState('seen')
    await open(1)
  }

  async function toggleState(state: 'accepted' | 'flagged'): Promise<void> {
    if (!(await save()) || !detail.clip.value) return
    await detail.setState(detail.clip.value.state === state ? 'seen' : state)
  }

  /** The verdict and the next clip in one key press. */
  async function decide(state: 'accepted' | 'flagged'): Promise<void> {
    if (!(await save()) || !detail.clip.value) return
    await detail.setState(state)
    await open(1)
  }

  /** Puts an output into the editor, where it still can be changed or taken back. */
  function take(text: string): void {
    if (primary.value) references.type(primary.value, text)
  }

  return { references, primary, openClip, save, open, saveAndNext, toggleState, decide, take }
}

export type Review = ReturnType<typeof useReview>
