import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import type { Ref } from 'vue'
import type { RecordingDocument } from './document.ts'
import type { AnnotationEdits, Span } from './edits.ts'

/** What the tables of the Annotate screen share. */
export interface TableDeps {
  document: RecordingDocument
  edits: AnnotationEdits
  /** When the frame on screen began. */
  nowMs: Readonly<Ref<number | null>>
  play: (span: Span, repeats: boolean) => void
  togglePlay: () => void
  /** Shows an annotation on the stage and in the timeline, and picks it there. */
  reveal: (item: Annotation) => void
  /** Values that begin like what is typed: of the tier's vocabulary, and those it has already. */
  suggest: (tierId: TierId, typed: string) => readonly string[]
}
