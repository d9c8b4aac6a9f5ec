import { onScopeDispose } from 'vue'
import { type Command, useCommandRegistry } from '../stores/commands.ts'

/** Offers commands for as long as the calling component lives: to the keyboard, the palette and the key list. */
export function useCommands(commands: readonly Command[]): void {
  onScopeDispose(useCommandRegistry().add(commands))
}
