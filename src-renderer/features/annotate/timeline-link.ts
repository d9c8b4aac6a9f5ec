import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { Ref } from 'vue'

/** What the timeline lets the commands of the Annotate screen reach. */
export interface Timeline {
  view: { startMs: number; msPerPx: number; widthPx: number }
  pan: (pixels: number) => void
  picked: {
    picked: Readonly<Ref<Annotation | null>>
    tierId: Readonly<Ref<TierId | null>>
    pick: (item: Annotation) => void
    unpick: (tierId: TierId | null) => void
  }
  /** Opens the editor on an annotation. */
  edit: (item: Annotation) => void
  removeTier: (tierId: TierId) => void
}
