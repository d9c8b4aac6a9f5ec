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
  const preview = useRequest(signal => api.exporting.preview(request(), { signal }))
  const start = useAction(async () => {
    jobId.value = jobs.adopt(await api.exporting.start(request())).id
  })

  function request(): ExportRequest {
    const {
      outDir,
      formats,
      annotations,
      tasks,
      split: chosen,
      runIds,
      baselineRunId,
      metadata,
      ...asked
    } = form
    return {
      ...asked,
      metadata: { ...metadata },
      outDir: outDir.trim(),
      formats: [...formats],
      annotations: [...annotations],
      tasks: [...tasks],
      ...(baselineRunId !== undefined && { baselineRunId }),
      split: chosen,
      ...(runIds && { runIds: [...runIds] }),
    }
  }

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
    const { outDir, formats, annotations, tasks, withVideo, purpose, territory, withFlagged, metadata } = last
    const asBefore = {
      outDir,
      formats,
      annotations,
      tasks,
      withVideo,
      purpose,
      territory,
      withFlagged,
      metadata,
    }
    Object.assign(form, asBefore)
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
