import type { ClipRow } from '#shared/contract/clip.ts'
import { computed, type Ref, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { type Command, useCommandRegistry } from '../../stores/commands.ts'
import { useCorpus } from '../../stores/corpus.ts'
import { rankCommands } from './rank-commands.ts'

const MOST_CLIPS = 8
const TYPING_PAUSE_MS = 120

/** What the palette offers for the text typed: commands at once, clips as soon as the core has found them. */
export function usePalette(text: Readonly<Ref<string>>) {
  const api = useApi()
  const corpus = useCorpus()
  const registry = useCommandRegistry()
  const clips = shallowRef<ClipRow[]>([])
  let question = 0

  const commands = computed<Command[]>(() => {
    const listed = registry.available().filter(command => !command.isHidden)
    return rankCommands(listed, text.value)
  })

  async function findClips(): Promise<void> {
    const mine = ++question
    const wanted = text.value.trim()
    const isWorthIt = wanted !== '' && corpus.current !== null
    const found = isWorthIt
      ? await api.clip.list({ filter: { text: wanted }, limit: MOST_CLIPS })
      : { rows: [] }
    if (mine === question) clips.value = found.rows
  }

  const findSoon = useDebounced(TYPING_PAUSE_MS, () => void findClips())
  watch(text, findSoon)

  return { commands, clips }
}
