import { useCommands } from '../../../composables/use-commands.ts'
import { useText } from '../../../composables/use-text.ts'
import { type Mode, MODES } from '../../../keymaps/modes.ts'
import { useNotices } from '../../../stores/notices.ts'

export interface DocumentCommandDeps {
  setMode: (mode: Mode) => void
  openBeside: (by: 1 | -1) => void
  find: () => void
}

/** ELAN's file, search and window keys, as far as a program that saves by itself has use for them. */
export function useDocumentCommands(deps: DocumentCommandDeps): void {
  const { t } = useText()
  const notices = useNotices()
  const isForText = true

  useCommands([
    { id: 'recording.save', isForText, run: () => notices.good(t('annotate.saved')) },
    { id: 'recording.previous', run: () => deps.openBeside(-1) },
    { id: 'recording.next', run: () => deps.openBeside(1) },
    { id: 'search.find', isForText, run: deps.find },
    { id: 'search.structured', isForText, run: deps.find },
    ...MODES.map(mode => ({ id: `mode.${mode}`, isForText, run: () => deps.setMode(mode) })),
  ])
}
