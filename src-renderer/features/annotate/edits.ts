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
    const [first, second] = texts ?? [item.value, item.value]
    const isCut = await update(item.id, { endMs: atMs, value: first })
    return isCut && (await create(item.tierId, { startMs: atMs, endMs: item.endMs }, second)) !== null
  }

  /** One annotation from two neighbours, with both texts. */
  async function merge(first: Annotation, second: Annotation): Promise<boolean> {
    const value = [first.value, second.value].filter(Boolean).join(' ')
    return (await remove([second.id])) && update(first.id, { endMs: second.endMs, value })
  }

  return { attempt, create, update, remove, split, merge }
}

export type AnnotationEdits = ReturnType<typeof useAnnotationEdits>
