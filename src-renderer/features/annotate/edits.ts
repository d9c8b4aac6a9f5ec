import type { Annotation } from '#shared/contract/annotation.ts'
import type { AnnotationId, TierId } from '#shared/contract/ids.ts'
import { useApi } from '../../api/client.ts'
import { useNotices } from '../../stores/notices.ts'

export interface Span {
  startMs: number
  endMs: number
}

/** Edits of annotations; a failure is told by a notice, and answered with null or false. */
export function useAnnotationEdits() {
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

  function create(tierId: TierId, span: Span, value = ''): Promise<Annotation | null> {
    return attempt(() => api.annotation.create({ tierId, startMs: span.startMs, endMs: span.endMs, value }))
  }

  function update(annotationId: AnnotationId, changes: Partial<Span & { value: string }>): Promise<boolean> {
    return went(() => api.annotation.update({ annotationId, ...changes }))
  }

  function remove(annotationIds: AnnotationId[]): Promise<boolean> {
    return went(() => api.annotation.remove({ annotationIds }))
  }

  /** Both parts keep the text, or each gets its own. */
  async function split(item: Annotation, atMs: number, texts?: readonly [string, string]): Promise<boolean> {
    const parts = await attempt(() => api.annotation.split({ annotationId: item.id, atMs }))
    for (const [at, part] of (parts ?? []).entries()) {
      const value = texts?.[at] ?? part.value
      if (value !== part.value && !(await update(part.id, { value }))) return false
    }
    return parts !== null
  }

  /** One annotation from this and the next one, with both texts. */
  function mergeNext(first: Annotation): Promise<boolean> {
    return went(() => api.annotation.mergeNext({ annotationId: first.id }))
  }

  /** In one step, so that undo takes back all of it. */
  function shift(annotationIds: AnnotationId[], byMs: number): Promise<boolean> {
    return went(() =>
      api.annotation.bulk({ kind: 'shift', scope: { kind: 'annotations', annotationIds }, byMs }),
    )
  }

  return { attempt, create, update, remove, split, mergeNext, shift }
}

export type AnnotationEdits = ReturnType<typeof useAnnotationEdits>
