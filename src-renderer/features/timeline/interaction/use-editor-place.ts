import type { Annotation } from '#shared/contract/annotation.ts'
import { computed, type Ref } from 'vue'
import type { AnnotationDocument } from '../document/use-annotations.ts'
import type { TimelineScene } from '../scene/use-timeline-scene.ts'
import { timeToX, type Viewport } from '../scene/viewport.ts'

const LEAST_WIDTH = 130

/** The tier of the annotation whose text is edited, and where its editor lies over the lanes, in pixels. */
export function useEditorPlace(deps: {
  document: AnnotationDocument
  scene: TimelineScene
  view: Readonly<Ref<Viewport>>
  width: Readonly<Ref<number>>
  editing: Readonly<Ref<Annotation | null>>
}) {
  const { document, view, width, editing } = deps
  const tier = computed(() => document.tiers.value.find(({ id }) => id === editing.value?.tierId))
  const box = computed(() => {
    const item = editing.value
    const row = deps.scene.rows.value.find(each => each.kind === 'tier' && each.id === item?.tierId)
    if (!item || !row) return null
    const left = Math.max(0, Math.min(timeToX(view.value, item.startMs), width.value - LEAST_WIDTH))
    return { left, top: row.y + 3, width: timeToX(view.value, item.endMs) - left, height: row.height - 7 }
  })

  return { tier, box }
}
