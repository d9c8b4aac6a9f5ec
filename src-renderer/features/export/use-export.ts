import type { JobId, RunId } from '#shared/contract/ids.ts'
import type { ClipSelection } from '#shared/contract/clip.ts'
import type { Purpose } from '#shared/contract/rights.ts'
import { type ExportRequest, ReleaseMetadata } from '#shared/contract/transfer.ts'
import { computed, reactive, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useExportScope } from '../../stores/export-scope.ts'
import { useJobs } from '../../stores/jobs.ts'

export type ExportFormat = ExportRequest['formats'][number]
export type AnnotationFormat = ExportRequest['annotations'][number]
export type TaskFormat = ExportRequest['tasks'][number]

const SETTLE_MS = 250

function newForm(split: string | null, selection: ClipSelection) {
  return reactive({
    outDir: '',
    formats: ['parquet', 'jsonl', 'csv'] as ExportFormat[],
    annotations: [] as AnnotationFormat[],
    tasks: [] as TaskFormat[],
    /** Undefined: the run that was made first. */
    baselineRunId: undefined as RunId | undefined,
    split,
    withFlagged: true,
    selection,
    purpose: 'research' as Purpose,
    withVideo: false,
    territory: '',
    metadata: ReleaseMetadata.parse({}),
    /** Undefined: every run, also those made later. */
    runIds: undefined as RunId[] | undefined,
  })
}

/** A form is reactive; what is sent is plain. */
function requestOf(form: ReturnType<typeof newForm>): ExportRequest {
  const { baselineRunId, runIds, ...asked } = form
  return {
    ...asked,
    metadata: { ...form.metadata },
    outDir: form.outDir.trim(),
    formats: [...form.formats],
    annotations: [...form.annotations],
    tasks: [...form.tasks],
    ...(baselineRunId !== undefined && { baselineRunId }),
    ...(runIds && { runIds: [...runIds] }),
  }
}

/** What the next release takes from the last one: not the clips, runs and split. */
function keptFor({
  split: _split,
  runIds: _runs,
  baselineRunId: _baseline,
  selection: _clips,
  ...kept
}: ExportRequest) {
  return kept
}

/** The export form, the preview that follows it, and the job once it is started. */
export function useExport(split: string | null) {
  const api = useApi()
  const jobs = useJobs()
  const form = newForm(split, useExportScope().chosen?.selection ?? { kind: 'all' })
  const jobId = shallowRef<JobId>()
  const job = computed(() => (jobId.value === undefined ? undefined : jobs.byId.get(jobId.value)))
  const isComplete = computed(
    () =>
      form.outDir.trim() !== '' &&
      form.formats.length > 0 &&
      ReleaseMetadata.safeParse(form.metadata).success,
  )

  const runs = useRequest(signal => api.run.list(undefined, { signal }))
  const preview = useRequest(signal => api.exporting.preview(requestOf(form), { signal }))
  const start = useAction(async () => {
    jobId.value = jobs.adopt(await api.exporting.start(requestOf(form))).id
  })

  function chooseRun(runId: RunId, isChosen: boolean): void {
    const all = runs.answer.value?.map(run => run.id) ?? []
    const chosen = new Set(form.runIds ?? all)
    if (isChosen) chosen.add(runId)
    else chosen.delete(runId)
    form.runIds = chosen.size === all.length ? undefined : all.filter(id => chosen.has(id))
  }

  const isRunChosen = (runId: RunId) => form.runIds?.includes(runId) ?? true

  /** What the last release of this corpus was, but for the clips that were chosen now. */
  async function startFromLast(): Promise<void> {
    const last = await api.exporting.last()
    if (!last || form.outDir !== '') return
    Object.assign(form, keptFor(last))
  }

  function again(): void {
    jobId.value = undefined
  }

  const previewSoon = useDebounced(SETTLE_MS, () => void (isComplete.value && preview.load()))
  watch(form, previewSoon)
  onCorpusChange(['clips', 'run', 'rights', 'media'], () => {
    void runs.load()
    previewSoon()
  })
  void runs.load()
  void startFromLast()

  return { form, isComplete, runs, preview, job, start, chooseRun, isRunChosen, again }
}
