import type { AnnotationScope } from '#shared/contract/annotation-bulk.ts'
import type { AnnotationId } from '#shared/contract/ids.ts'
import type { SearchQuery } from '#shared/contract/search.ts'

interface Hits {
  annotationIds: (query: SearchQuery, signal?: AbortSignal) => Promise<AnnotationId[]>
}

/** The same operation on the annotations that its search finds: an edit is one transaction, a search takes turns. */
export async function onHits<Operation extends { kind: string } | { scope: AnnotationScope }>(
  search: Hits,
  operation: Operation,
  signal?: AbortSignal,
): Promise<Operation> {
  if (!('scope' in operation) || operation.scope.kind !== 'hits') return operation
  const annotationIds = await search.annotationIds(operation.scope.query, signal)
  return { ...operation, scope: { kind: 'annotations', annotationIds } }
}
