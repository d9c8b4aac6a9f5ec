import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { matchesStroke, parseKeys } from '../composables/key-stroke.ts'
import { defaultKeys, type KeymapName, type OwnKeys } from '../keymaps/chords.ts'
import { factOf } from '../keymaps/catalogue.ts'
import type { Mode } from '../keymaps/modes.ts'
import { useSettings } from './settings.ts'

/** The same keys in all keymaps, or those of Signwright and of ELAN. */
export type Keys = readonly string[] | Readonly<Record<'signwright' | 'elan', readonly string[]>>

export interface Command {
  /** `noun.verb`, unique: `clip.accept`. */
  id: string
  title: () => string
  /** Heading under which the palette and the key list show it. */
  group: () => string
  /** For commands that no keymap names. */
  keys?: Keys
  /** With the key press that asked for it, where one did. */
  run: (press?: KeyboardEvent) => void | Promise<void>
  /** Whether it applies now; absent: always. */
  when?: () => boolean
  /** Works while a text field has the focus. Commands with Ctrl or a function key rarely need it, letters never. */
  isForText?: boolean
  /** Reached by its key only; the palette would list noise. */
  isHidden?: boolean
}

function keysBeside(command: Pick<Command, 'keys'>, keymap: KeymapName): readonly string[] {
  if (!command.keys) return []
  if (!('signwright' in command.keys)) return command.keys
  return command.keys[keymap === 'elan' ? 'elan' : 'signwright']
}

function isTextField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'radio', 'range', 'button', 'submit', 'color'].includes(target.type)
  }
  return target instanceof HTMLTextAreaElement || target.isContentEditable
}

/**
 * Enter and Space belong to the control that has the focus, unless a command asks for them with a modifier; so does Tab,
 * which leads on from it.
 */
function isControlKey(event: KeyboardEvent): boolean {
  if (!['Enter', ' ', 'Tab'].includes(event.key)) return false
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  return event.target instanceof Element && event.target.closest('button, a[href], select, summary') !== null
}

/** Every command of the program that can be reached now. Screens add theirs with `useCommands`. */
export const useCommandRegistry = defineStore('commands', () => {
  const settings = useSettings()
  const layers = shallowRef<readonly (readonly Command[])[]>([])

  /** The latest layer comes first: a screen's keys win over the shell's. */
  const all = computed(() => [...layers.value].reverse().flat())
  const keymap = computed<KeymapName>(() => settings.current.keymap)
  const own = computed<OwnKeys>(() => settings.current.ownKeys[keymap.value] ?? {})
  /** The way of annotating that is on screen: some keys mean something else in each. */
  const mode = shallowRef<Mode | null>(null)

  function add(commands: readonly Command[]): () => void {
    layers.value = [...layers.value, commands]
    return () => {
      layers.value = layers.value.filter(layer => layer !== commands)
    }
  }

  /** In a mode, what the catalogue keeps for others stays quiet: the timeline is there in all of them. */
  function applies(command: Command): boolean {
    const scopes = mode.value === null ? undefined : factOf(command.id)?.scopes
    const isOffered = !scopes || scopes.some(scope => scope === 'everywhere' || scope === mode.value)
    return isOffered && (command.when?.() ?? true)
  }

  function available(): Command[] {
    // A panel may do a command in its own way meanwhile: the latest one counts, as for keys.
    const byId = new Map<string, Command>()
    for (const command of all.value)
      if (!byId.has(command.id) && applies(command)) byId.set(command.id, command)
    return [...byId.values()]
  }

  function find(id: string): Command | undefined {
    return all.value.find(command => command.id === id)
  }

  function run(id: string): void {
    const command = find(id)
    if (command && applies(command)) void command.run()
  }

  /** Own keys first, then the keymap's, then those that stand beside the command. */
  function keysOf(command: Pick<Command, 'id' | 'keys'>, at: Mode | null = mode.value): readonly string[] {
    return (
      own.value[command.id] ?? defaultKeys(command.id, keymap.value, at) ?? keysBeside(command, keymap.value)
    )
  }

  function matches(command: Command, event: KeyboardEvent): boolean {
    return keysOf(command).some(keys => matchesStroke(event, parseKeys(keys)))
  }

  /** Runs the command that a key press means; says whether there was one. */
  function handleKey(event: KeyboardEvent): boolean {
    if (event.isComposing || event.defaultPrevented || isControlKey(event)) return false
    const inText = isTextField(event.target)
    const meant = all.value.filter(
      each => matches(each, event) && (!inText || each.isForText === true) && applies(each),
    )
    // A keymap that names a key of the number block means that one, whatever its sign does elsewhere.
    const byNumpad = (each: Command) => keysOf(each).some(keys => /Numpad/.test(keys))
    const command = (event.code.startsWith('Numpad') && meant.find(byNumpad)) || meant[0]
    if (!command) return false
    event.preventDefault()
    void command.run(event)
    return true
  }

  /** The first key of a command in the keymap in use, for tooltips. */
  function keyOf(id: string): string | undefined {
    const command = find(id)
    return keysOf(command ?? { id })[0]
  }

  return { all, keymap, own, mode, add, available, find, run, handleKey, keysOf, keyOf }
})
