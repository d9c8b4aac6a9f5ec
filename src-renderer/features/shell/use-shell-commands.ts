import type { Ref } from 'vue'
import { useRouter } from 'vue-router'
import { useApi } from '../../api/client.ts'
import { useCommands } from '../../composables/use-commands.ts'
import { useText } from '../../composables/use-text.ts'
import { LOCALE_NAMES, LOCALES } from '../../locales/index.ts'
import { KEYMAP_NAMES, type KeymapName } from '../../keymaps/chords.ts'
import type { Command } from '../../stores/commands.ts'
import { useCorpus } from '../../stores/corpus.ts'
import { useEdits } from '../../stores/edits.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useNotices } from '../../stores/notices.ts'
import { useSettings } from '../../stores/settings.ts'
import { useWorkplace } from '../../stores/workplace.ts'
import { MAIN_SCREENS, SETTINGS_SCREEN } from './screens.ts'

export interface ShellPanels {
  isPaletteOpen: Ref<boolean>
  isKeyListOpen: Ref<boolean>
  isMissingOpen: Ref<boolean>
}

/** The commands that work on every screen. */
export function useShellCommands(panels: ShellPanels): void {
  useCommands([
    ...generalCommands(panels),
    ...editCommands(),
    ...screenCommands(),
    searchCommand(),
    ...corpusCommands(panels),
    ...jobCommands(),
    ...appearanceCommands(),
  ])
}

function generalCommands({ isPaletteOpen, isKeyListOpen }: ShellPanels): Command[] {
  const { t } = useText()
  const router = useRouter()
  const workplace = useWorkplace()
  const group = () => t('commands.groups.general')
  return [
    {
      id: 'palette.open',
      title: () => t('commands.palette'),
      group,
      isForText: true,
      run: () => void (isPaletteOpen.value = true),
    },
    {
      id: 'keys.show',
      title: () => t('commands.keys'),
      group,
      run: () => void (isKeyListOpen.value = true),
    },
    {
      id: 'keys.sheet',
      title: () => t('commands.keySheet'),
      group,
      run: () => void router.push({ name: 'keys' }),
    },
    {
      id: 'app.quit',
      title: () => t('commands.quit'),
      group,
      when: () => workplace.app?.shell === 'electron',
      run: () => window.close(),
    },
  ]
}

function editCommands(): Command[] {
  const { t } = useText()
  const edits = useEdits()
  const corpus = useCorpus()
  const notices = useNotices()
  const group = () => t('commands.groups.edit')
  const when = () => corpus.current !== null

  async function undo(): Promise<void> {
    const again = { label: t('commands.redo'), run: () => void redo() }
    const label = await edits.undo()
    if (label !== null) notices.info(t('shell.undone', { label }), again, 'edit')
    else if (!edits.canUndo) notices.info(t('shell.nothingToUndo'), undefined, 'edit')
  }

  async function redo(): Promise<void> {
    const back = { label: t('commands.undo'), run: () => void undo() }
    const label = await edits.redo()
    if (label !== null) notices.info(t('shell.redone', { label }), back, 'edit')
    else if (!edits.canRedo) notices.info(t('shell.nothingToRedo'), undefined, 'edit')
  }

  return [
    { id: 'edit.undo', title: () => t('commands.undo'), group, when, run: undo },
    {
      id: 'edit.redo',
      title: () => t('commands.redo'),
      group,
      when,
      run: redo,
    },
  ]
}

function screenCommands(): Command[] {
  const { t } = useText()
  const router = useRouter()
  return [...MAIN_SCREENS, SETTINGS_SCREEN].map(({ route, keys }) => ({
    id: `screen.${route}`,
    title: () => t('commands.goTo', { screen: t(`shell.screens.${route}`) }),
    group: () => t('commands.groups.screens'),
    keys: [keys],
    isForText: true,
    run: () => void router.push({ name: route }),
  }))
}

/** Where the screen is open already, its field takes the focus by the route. */
function searchCommand(): Command {
  const { t } = useText()
  const router = useRouter()
  const corpus = useCorpus()
  return {
    id: 'search.corpus',
    title: () => t('annotate.commands.findInCorpus'),
    group: () => t('commands.groups.corpus'),
    isForText: true,
    when: () => corpus.current !== null,
    run: () => void router.push({ name: 'search', hash: '#query' }),
  }
}

function corpusCommands({ isMissingOpen }: ShellPanels): Command[] {
  const { t } = useText()
  const api = useApi()
  const router = useRouter()
  const corpus = useCorpus()
  const notices = useNotices()
  const group = () => t('commands.groups.corpus')
  const isOpen = () => corpus.current !== null

  async function attempt(act: () => Promise<unknown>): Promise<void> {
    try {
      await act()
    } catch (error) {
      notices.error(error)
    }
  }
  const goHome = (act: 'new' | 'open') => void router.push({ name: 'home', query: { act } })
  const openDemo = () => attempt(() => corpus.openDemo().then(() => router.push({ name: 'corpus' })))
  const close = () => attempt(() => corpus.close().then(() => router.push({ name: 'home' })))
  const backUp = () =>
    attempt(async () => notices.good(t('settings.backups.made', { file: (await api.corpus.backup()).file })))

  return [
    { id: 'corpus.demo', title: () => t('commands.openDemo'), group, run: openDemo },
    { id: 'corpus.create', title: () => t('commands.newCorpus'), group, run: () => goHome('new') },
    { id: 'corpus.open', title: () => t('commands.openCorpus'), group, run: () => goHome('open') },
    { id: 'corpus.close', title: () => t('commands.closeCorpus'), group, when: isOpen, run: close },
    {
      id: 'media.missing',
      title: () => t('commands.missingMedia'),
      group,
      when: () => (corpus.current?.missingMedia ?? 0) > 0,
      run: () => void (isMissingOpen.value = true),
    },
    { id: 'corpus.backup', title: () => t('commands.backup'), group, when: isOpen, run: backUp },
    {
      id: 'corpus.backups',
      title: () => t('backups.command'),
      group,
      when: isOpen,
      run: () => void router.push({ name: 'history', query: { backups: '1' } }),
    },
    {
      id: 'corpus.merge',
      title: () => t('merging.command'),
      group,
      when: isOpen,
      run: () => void router.push({ name: 'merge' }),
    },
    {
      id: 'corpus.density',
      title: () => t('density.command'),
      group,
      when: isOpen,
      run: () => void router.push({ name: 'density' }),
    },
  ]
}

function jobCommands(): Command[] {
  const { t } = useText()
  const jobs = useJobs()
  const notices = useNotices()
  const group = () => t('commands.groups.jobs')
  const when = () => jobs.running !== null
  const onRunning = (act: 'pause' | 'cancel') => async () => {
    if (jobs.running) await jobs[act](jobs.running.id).catch(notices.error)
  }
  return [
    { id: 'job.pause', title: () => t('commands.pauseJob'), group, when, run: onRunning('pause') },
    { id: 'job.cancel', title: () => t('commands.cancelJob'), group, when, run: onRunning('cancel') },
  ]
}

function appearanceCommands(): Command[] {
  const { t } = useText()
  const settings = useSettings()
  const group = () => t('commands.groups.appearance')
  return [
    {
      id: 'theme.dark',
      title: () => t('commands.themeDark'),
      group,
      run: () => settings.save({ theme: 'dark' }),
    },
    {
      id: 'theme.light',
      title: () => t('commands.themeLight'),
      group,
      run: () => settings.save({ theme: 'light' }),
    },
    {
      id: 'theme.system',
      title: () => t('commands.themeSystem'),
      group,
      run: () => settings.save({ theme: 'system' }),
    },
    ...Object.entries(KEYMAP_NAMES).map(([keymap, name]) => ({
      id: `keymap.${keymap}`,
      title: () => t('commands.keymap', { name }),
      group,
      run: () => settings.save({ keymap: keymap as KeymapName }),
    })),
    ...LOCALES.map(locale => ({
      id: `language.${locale}`,
      title: () => t('commands.language', { name: LOCALE_NAMES[locale] }),
      group,
      run: () => settings.save({ locale }),
    })),
  ]
}
