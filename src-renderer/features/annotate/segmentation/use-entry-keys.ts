import type { Tier } from '#shared/contract/annotation.ts'
import type { EntryLook } from '#shared/contract/vocabulary.ts'
import { computed, watch } from 'vue'
import { useText } from '../../../composables/use-text.ts'
import { type Command, useCommandRegistry } from '../../../stores/commands.ts'
import { valueOf } from '../../timeline/vocabulary/entry-looks.ts'
import { useVocabularies } from '../../timeline/vocabulary/use-vocabularies.ts'
import { takesEntries } from './segmenter.ts'
import type { Segmentation } from './use-segmentation.ts'

/** An entry that one key enters. */
export interface KeyedEntry {
  id: number
  value: string
  look: EntryLook
}

/** A letter that is written large is typed with Shift. */
function chordOfSign(sign: string): string {
  return sign.toLowerCase() === sign ? sign : `Shift+${sign}`
}

/**
 * The entries of the tier's vocabulary that have a key, each a stroke of the segmentation while the component lives. They
 * go before the keymap's own keys, as in BORIS: who gives an entry the letter of a command wants the entry here.
 */
export function useEntryKeys(tier: () => Tier | null, segmentation: Segmentation) {
  const { t } = useText()
  const registry = useCommandRegistry()
  const { find } = useVocabularies()
  const isOn = computed(() => takesEntries(segmentation.settings.value.variant))

  const entries = computed((): KeyedEntry[] => {
    const open = isOn.value ? find(tier()?.vocabularyId ?? null) : null
    return (open?.entries ?? []).flatMap(entry => {
      const look = open?.looks.get(entry.id)
      return look?.key ? [{ id: entry.id, value: valueOf(entry), look }] : []
    })
  })

  const commandOf = ({ id, value, look }: KeyedEntry): Command => ({
    id: `segment.entry.${id}`,
    title: () => value,
    group: () => t('annotate.segmentation.entries'),
    keys: [chordOfSign(look.key)],
    run: press => void segmentation.mark(press?.timeStamp ?? performance.now(), value),
  })
  watch(entries, (now, _before, onCleanup) => onCleanup(registry.add(now.map(commandOf))), {
    immediate: true,
  })

  return { isOn, entries }
}
