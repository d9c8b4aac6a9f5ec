import type { AnnotationStep, BatchOutcome, LinkedAnnotation } from '#shared/contract/annotation.ts'
import type { Editing } from '../edit/edit.service.ts'
import type { createRemoval } from './removal.ts'
import type { AnnotationUpdate, NewAnnotation } from './annotation.service.ts'

interface SingleEdits {
  create: (input: NewAnnotation) => LinkedAnnotation
  update: (change: AnnotationUpdate) => LinkedAnnotation
  remove: ReturnType<typeof createRemoval>['remove']
}

/** Several edits of annotations as one: each step finds what the steps before it made. */
export function createBatch(editing: Editing, { create, update, remove }: SingleEdits) {
  function batch(steps: readonly AnnotationStep[]): BatchOutcome {
    const created: LinkedAnnotation[] = []
    const label = labelOf(steps)
    editing.together(label, () => {
      for (const step of steps)
        if (step.kind === 'create') created.push(create(step))
        else if (step.kind === 'update') update(step)
        else remove(step.annotationIds)
    })
    const { update: changed, remove: removed } = counts(steps)
    return { label, created, changed, removed }
  }

  return { batch }
}

function counts(steps: readonly AnnotationStep[]) {
  const of = { create: 0, update: 0, remove: 0 }
  for (const step of steps) of[step.kind] += step.kind === 'remove' ? step.annotationIds.length : 1
  return of
}

const VERBS = { create: 'Create', update: 'Change', remove: 'Remove' } as const

function labelOf(steps: readonly AnnotationStep[]): string {
  const of = counts(steps)
  const kinds = new Set(steps.map(({ kind }) => kind))
  const [only] = kinds
  const n = of.create + of.update + of.remove
  const verb = kinds.size === 1 && only ? VERBS[only] : 'Edit'
  return `${verb} ${n === 1 ? 'an annotation' : `${n} annotations`}`
}
