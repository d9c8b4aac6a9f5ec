import type { CampaignScreen, JudgedText } from '#shared/contract/campaign.ts'
import type { CampaignId } from '#shared/contract/ids.ts'
import { type Ref, shallowRef, watch } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { type Api, useApi } from '../../api/client.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useNotices } from '../../stores/notices.ts'
import { type JudgingState, saysTheSame } from './judging-state.ts'

/** Long enough for an edit's events to come together. */
const SETTLE_MS = 60

function judgedOf({ outputs, judged }: CampaignScreen): JudgedText[] {
  return outputs.map(
    ({ outputId }) => judged.find(each => each.outputId === outputId) ?? { outputId, value: null, marks: [] },
  )
}

function stateOf(screen: CampaignScreen): JudgingState {
  return {
    judged: judgedOf(screen),
    slot: 0,
    cursor: 0,
    anchor: 0,
    typed: '',
    unnamed: null,
    commented: null,
  }
}

/** The screen that is judged. Every change is on its way to the corpus as soon as it is made. */
export function useJudging(campaignId: Readonly<Ref<CampaignId>>) {
  const api = useApi()
  const screen = shallowRef<CampaignScreen | null>(null)
  const state = shallowRef<JudgingState | null>(null)
  const error = shallowRef<AppError | null>(null)
  const phase = shallowRef<'loading' | 'judging' | 'done'>('loading')
  let shownAt = 0
  const saves = useSaves(api)

  function show(fresh: CampaignScreen | null): void {
    screen.value = fresh
    state.value = fresh && stateOf(fresh)
    phase.value = fresh ? 'judging' : 'done'
    shownAt = fresh?.startedAt ?? Date.now()
  }

  async function open(place?: number): Promise<void> {
    try {
      show(await api.campaign.open({ campaignId: campaignId.value, ...(place !== undefined && { place }) }))
      error.value = null
    } catch (thrown) {
      error.value = asAppError(thrown)
    }
  }

  async function store(judged: readonly JudgedText[], isFinished: boolean): Promise<void> {
    await saves.add({ itemId: screen.value!.itemId, judged: [...judged], startedAt: shownAt, isFinished })
  }

  const attempt = useAttempt()

  /** Takes a new state, and stores it where it says something else. */
  async function change(next: JudgingState): Promise<void> {
    const before = state.value
    state.value = next
    if (before && before.judged !== next.judged)
      await attempt(() => store(next.judged, screen.value?.isFinished ?? false))
  }

  /** Finishes this screen and goes to the first that is still open. */
  async function finish(): Promise<void> {
    const judged = state.value?.judged
    if (judged && (await attempt(() => store(judged, true)))) await open()
  }

  async function back(): Promise<void> {
    const place = (screen.value?.place ?? screenCount.value) - 1
    if (place >= 0) await open(place)
  }

  const screenCount = shallowRef(0)
  watch(screen, now => now && (screenCount.value = now.screens))
  watch(campaignId, () => void open(), { immediate: true })
  onCorpusChange(
    ['rating', 'clips', 'edit'],
    useDebounced(SETTLE_MS, () => void compare()),
  )

  /** After an undo, or a change in another window, what is on screen may not be what is stored. */
  async function compare(): Promise<void> {
    const [before, shown] = [state.value, screen.value]
    if (saves.isBusy() || phase.value === 'loading') return
    const place = shown?.isFinished ? { place: shown.place } : {}
    const fresh = await api.campaign.open({ campaignId: campaignId.value, ...place }).catch(() => undefined)
    // Whoever goes on judging meanwhile is right; their change asks again.
    if (fresh === undefined || state.value !== before || saves.isBusy()) return
    if (fresh?.itemId !== shown?.itemId || fresh?.isFinished !== shown?.isFinished) return show(fresh)
    if (!fresh || !before || saysTheSame(judgedOf(fresh), before.judged)) return
    screen.value = fresh
    state.value = { ...before, judged: judgedOf(fresh), typed: '', unnamed: null, commented: null }
  }

  return { screen, state, error, phase, screenCount, change, finish, back, open }
}

/** Tells what fails, and whether it went well. */
function useAttempt() {
  const notices = useNotices()
  return async (act: () => Promise<void>): Promise<boolean> => {
    try {
      await act()
      return true
    } catch (thrown) {
      notices.error(thrown)
      return false
    }
  }
}

/** Judgements on their way to the corpus, one after the other. */
function useSaves(api: Api) {
  let last: Promise<unknown> = Promise.resolve()
  let open = 0

  async function add(judgement: Parameters<Api['campaign']['judge']>[0]): Promise<void> {
    open += 1
    const stored = last.then(() => api.campaign.judge(judgement))
    last = stored.catch(() => {})
    try {
      await stored
    } finally {
      open -= 1
    }
  }

  return { add, isBusy: () => open > 0 }
}

export type Judging = ReturnType<typeof useJudging>
