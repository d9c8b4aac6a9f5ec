import type { JobId, RunId } from '#shared/contract/ids.ts'
import type { ClipSelection } from '#shared/contract/clip.ts'
import type { Purpose } from '#shared/contract/rights.ts'
import type { ExportRequest, ReleaseMetadata } from '#shared/contract/transfer.ts'
import { computed, reactive, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useDebounced } from '../../composables/use-timers.ts'
import { onCorpusChange } from '../../stores/corpus.ts'
import { useExportScope } from '../../stores/export-scope.ts'
import { useJobs } from '../../stores/jobs.ts'

export type ExportFormat = ExportRequest['formats'][number]

function emptyMetadata(): ReleaseMetadata {
  return {
    name: '',
    version: '1.0.0',
    description: '',
    creators: [],
    publisher: '',
    doi: '',
    datePublished: '',
    licence: '',
    signLanguage: '',
    homepage: '',
  }
}

const SETTLE_MS = 250

/** The export form, the preview that follows it, and the job once it is started. */
export function useExport(split: string | null) {
  const api = useApi()
  const jobs = useJobs()
  const scope = useExportScope()
  const form = reactive({
    outDir: '',
    formats: ['parquet', 'jsonl', 'csv'] as ExportFormat[],
    split,
    withFlagged: true,
    selection: scope.chosen?.selection ?? ({ kind: 'all' } as ClipSelection),
    purpose: 'research' as Purpose,
    withVideo: false,
    territory: '',
    metadata: emptyMetadata(),
    /** Undefined: every run, also those made later. */
    runIds: undefined as RunId[] | undefined,
  })
  const jobId = shallowRef<JobId>()
  const job = computed(() => (jobId.value === undefined ? undefined : jobs.byId.get(jobId.value)))
  const isComplete = computed(() => form.outDir.trim() !== '' && form.formats.length > 0)

  const runs = useRequest(signal => api.run.list(undefined, { signal }))
  const preview = useRequest(signal => api.exporting.preview(request(), { signal }))
  const start = useAction(async () => {
    jobId.value = jobs.adopt(await api.exporting.start(request())).id
  })

  function request(): ExportRequest {
    const { outDir, formats, split: chosen, runIds, metadata, ...asked } = form
    return {
      ...asked,
      metadata: { ...metadata },
      outDir: outDir.trim(),
      formats: [...formats],
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

  return { form, isComplete, runs, preview, job, start, chooseRun, isRunChosen, again }
}
