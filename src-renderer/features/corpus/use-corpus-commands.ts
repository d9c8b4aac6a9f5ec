import { REVIEW_STATES, type ReviewState } from '#shared/contract/clip.ts'
import { useCommands } from '../../composables/use-commands.ts'
import { useText } from '../../composables/use-text.ts'

export interface CorpusActions {
  hasClips: () => boolean
  hasSelection: () => boolean
  search: () => void
  review: () => void
  translate: () => void
  extract: () => void
  setState: (state: ReviewState) => void
  setSplit: () => void
  rights: () => void
}

/** What the corpus table can do, for the keyboard and the palette. */
export function useCorpusCommands(actions: CorpusActions): void {
  const { t } = useText()
  const group = () => t('commands.groups.clips')
  useCommands([
    {
      id: 'clips.search',
      title: () => t('corpus.command.search'),
      group,
      run: actions.search,
    },
    {
      id: 'clips.review',
      title: () => t('corpus.command.open'),
      group,
      when: actions.hasClips,
      run: actions.review,
    },
    {
      id: 'clips.translate',
      title: () => t('corpus.actions.translate'),
      group,
      when: actions.hasClips,
      run: actions.translate,
    },
    {
      id: 'clips.extract',
      title: () => t('corpus.actions.extract'),
      group,
      when: actions.hasClips,
      run: actions.extract,
    },
    {
      id: 'clips.split',
      title: () => t('corpus.actions.split'),
      group,
      when: actions.hasSelection,
      run: actions.setSplit,
    },
    {
      id: 'clips.rights',
      title: () => t('corpus.actions.rights'),
      group,
      when: actions.hasClips,
      run: actions.rights,
    },
    ...REVIEW_STATES.map(state => ({
      id: `clips.mark-${state}`,
      title: () => t('corpus.command.markAs', { state: t(`common.state.${state}`) }),
      group,
      when: actions.hasSelection,
      run: () => actions.setState(state),
    })),
  ])
}
