import { useCommands } from '../../../composables/use-commands.ts'
import type { Segmentation } from '../segmentation/use-segmentation.ts'

/** One key sets boundaries; the command asks the segmentation for the frame at the moment of the press. */
export function useSegmentCommands(segmentation: Segmentation): void {
  useCommands([
    { id: 'segment.mark', run: event => void segmentation.mark(event?.timeStamp ?? performance.now()) },
    { id: 'segment.undo', run: () => void segmentation.takeBack() },
    { id: 'segment.variant', run: segmentation.nextVariant },
  ])
}
