import { onScopeDispose } from 'vue'
import { factOf } from '../keymaps/catalogue.ts'
import { type Command, useCommandRegistry } from '../stores/commands.ts'
import { useText } from './use-text.ts'

/** What a command does; the rest of what is known of it stands in the catalogue. */
export type CommandAct = Pick<Command, 'id' | 'run'> & Partial<Command>

/**
 * Offers commands for as long as the calling component lives: to the keyboard, the palette and the key list.
 * Title and group of commands in the catalogue come from there.
 */
export function useCommands(acts: readonly CommandAct[]): void {
  const { t } = useText()
  const commands = acts.map((act): Command => {
    const fact = factOf(act.id)
    if (!fact && !(act.title && act.group)) throw new Error(`Command ${act.id} has no title`)
    return {
      title: () => fact?.title(t) ?? act.id,
      group: () => (fact ? t(fact.group) : ''),
      ...act,
    }
  })
  onScopeDispose(useCommandRegistry().add(commands))
}
