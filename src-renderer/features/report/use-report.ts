import type { RunId } from '#shared/contract/ids.ts'
import { reactive, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'

const SETTLE_MS = 300

/** What the report is about, the report as it follows, and the file that it is saved to. */
export function useReport() {
  const api = useApi()
  const form = reactive({
    split: null as string | null,
    /** Undefined: all. */
    runIds: undefined as RunId[] | undefined,
    baselineRunId: undefined as RunId | undefined,
    file: '',
  })
  const saved = shallowRef('')
  const runs = useRequest(signal => api.run.list(undefined, { signal }))
  const report = useRequest(signal => api.report.make(asked(), { signal }))
  const save = useAction(async () => {
    saved.value = (await api.report.write({ ...asked(), file: form.file.trim() })).file
  })

  function asked() {
    const { split, runIds, baselineRunId } = form
    const isThere = baselineRunId !== undefined && (runIds?.includes(baselineRunId) ?? true)
    return { split, ...(runIds && { runIds: [...runIds] }), ...(isThere && { baselineRunId }) }
  }

  const isRunChosen = (runId: RunId) => form.runIds?.includes(runId) ?? true

  /** The last one stays: a report is about something. */
  function chooseRun(runId: RunId, isChosen: boolean): void {
    const all = runs.answer.value?.map(run => run.id) ?? []
    const chosen = all.filter(id => (id === runId ? isChosen : isRunChosen(id)))
    if (chosen.length > 0) form.runIds = chosen.length === all.length ? undefined : chosen
  }

  const makeSoon = useDebounced(SETTLE_MS, () => void report.load())
  watch(
    () => [form.split, form.runIds, form.baselineRunId],
    () => {
      saved.value = ''
      makeSoon()
    },
  )
  onCorpusChange(['clips', 'run'], () => {
    void runs.load()
    makeSoon()
  })
  void runs.load()
  void report.load()

  return { form, runs, report, save, saved, chooseRun, isRunChosen }
}
