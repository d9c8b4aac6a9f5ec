import type { Ref } from 'vue'
import type { EditCommandDeps, TimeTask } from './commands/use-edit-commands.ts'

/** What the answer of the time dialog does. */
export function useTimeTask(
  task: Ref<TimeTask | null>,
  { edits, timeline }: EditCommandDeps,
  goTo: (timeMs: number) => void,
) {
  return async (startMs: number, endMs: number, takesLater: boolean): Promise<void> => {
    const open = task.value
    task.value = null
    if (open?.kind === 'go') goTo(startMs)
    else if (open?.kind === 'times') await edits.update(open.item, { startMs, endMs })
    else if (open?.kind === 'shift')
      await edits.shift(takesLater ? [open.item, ...open.later] : [open.item], startMs)
    else if (open?.kind === 'create') {
      const made = await edits.create(open.tierId, { startMs, endMs })
      if (made) timeline()?.edit(made)
    }
  }
}
