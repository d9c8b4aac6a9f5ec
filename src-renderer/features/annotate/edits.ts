import type { Annotation, AnnotationStep } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { clipOfSentence } from '#shared/domain/sentence-view.ts'
import { useApi } from '../../api/client.ts'
import { useNotices } from '../../stores/notices.ts'
import type { AnnotationDocument } from '../timeline/document/use-annotations.ts'

export interface Span {
  startMs: number
  endMs: number
}

/**
 * Edits of annotations, each one step of undo however much it touches; a failure is told by a notice, and answered with
 * null or false.
 */
export function useAnnotationEdits({ create, update, remove }: AnnotationDocument) {
  const api = useApi()
  const notices = useNotices()

  async function attempt<Answer>(act: () => Promise<Answer>): Promise<Answer | null> {
    try {
      return await act()
    } catch (error) {
      notices.error(error)
      return null
    }
  }
  const went = async (act: () => Promise<unknown>) => (await attempt(() => act().then(() => true))) === true

  /** Both parts keep the text, or each gets its own. */
  function split(item: Annotation, atMs: number, values?: [string, string]): Promise<boolean> {
    return went(() => api.annotation.split({ annotationId: item.id, atMs, ...(values && { values }) }))
  }

  /** One annotation from this and the next one, with both texts. */
  function mergeNext(first: Annotation): Promise<boolean> {
    return went(() => api.annotation.mergeNext({ annotationId: first.id }))
  }

  /** Annotations of one tier. Those of the sentence tier are clips: each is moved by itself, in the same step. */
  function shift(items: readonly Annotation[], byMs: number): Promise<boolean> {
    const [first] = items
    if (first && clipOfSentence(first.id) !== null) return batch(items.map(item => shifted(item, byMs)))
    const scope = { kind: 'annotations' as const, annotationIds: items.map(({ id }) => id) }
    return went(() => api.annotation.bulk({ kind: 'shift', scope, byMs }))
  }

  function batch(steps: AnnotationStep[]): Promise<boolean> {
    return steps.length === 0 ? Promise.resolve(true) : went(() => api.annotation.batch({ steps }))
  }

  return { attempt, create, update, remove, split, mergeNext, shift, batch }
}

export type AnnotationEdits = ReturnType<typeof useAnnotationEdits>

function shifted({ id, startMs, endMs }: Annotation, byMs: number): AnnotationStep {
  return { kind: 'update', annotationId: id, startMs: startMs + byMs, endMs: endMs + byMs }
}

export function creation(tierId: TierId, { startMs, endMs }: Span, value = ''): AnnotationStep {
  return { kind: 'create', tierId, startMs, endMs, value }
}
