import type { JobId } from '#shared/contract/ids.ts'
import type { PredictionRole, PredictionSource, ReferenceChoice } from '#shared/contract/predictions.ts'
import { computed, reactive, shallowRef } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useJobs } from '../../stores/jobs.ts'

export interface PredictionForm {
  source: string
  format: PredictionSource['format']
  run: string
  names: string
  references: string
  split: string
  language: string
  encoding: '' | NonNullable<PredictionSource['encoding']>
  /** Empty: as the core guesses. */
  columns: PredictionRole[]
  referenceChoice: ReferenceChoice
  makeClips: boolean
}

const BLANK: PredictionForm = {
  source: '',
  format: 'auto',
  run: '',
  names: '',
  references: '',
  split: '',
  language: '',
  encoding: '',
  columns: [],
  referenceChoice: 'keep',
  makeClips: false,
}

/** What the form says, without what it leaves open. */
export function predictionSource(form: PredictionForm): PredictionSource {
  const { format, columns, encoding, referenceChoice, makeClips } = form
  const filled = (key: 'run' | 'names' | 'split' | 'language') =>
    form[key].trim() && { [key]: form[key].trim() }
  return {
    source: form.source.trim(),
    format,
    references: form.references.trim() ? [form.references.trim()] : [],
    referenceChoice,
    makeClips,
    ...filled('run'),
    ...filled('names'),
    ...filled('split'),
    ...filled('language'),
    ...(columns.length > 0 && { columns: [...columns] }),
    ...(encoding && { encoding }),
  }
}

/** The state of an import of predictions: the form, its preview, and the job once it is started. */
export function usePredictions() {
  const api = useApi()
  const jobs = useJobs()
  const form = reactive<PredictionForm>({ ...BLANK })
  const jobId = shallowRef<JobId>()
  const preview = useRequest(signal => api.importing.previewPredictions(predictionSource(form), { signal }))

  const job = computed(() => (jobId.value === undefined ? undefined : jobs.byId.get(jobId.value)))
  const importable = computed(() => {
    const counts = preview.answer.value?.counts
    return counts ? counts.imported + counts.repaired : 0
  })

  /** Another file has other columns: guesses are made anew. */
  function read(patch: Partial<PredictionForm>): Promise<void> {
    const isOther = ['source', 'format', 'encoding'].some(key => key in patch)
    Object.assign(form, isOther ? { columns: [] } : {}, patch)
    return form.source.trim() ? preview.load() : Promise.resolve()
  }

  function setRole(index: number, role: PredictionRole): Promise<void> {
    const guessed = preview.answer.value?.columns ?? []
    return read({ columns: guessed.map((each, at) => (at === index ? role : each)) })
  }

  const start = useAction(async () => {
    jobId.value = jobs.adopt(await api.importing.startPredictions(predictionSource(form))).id
  })

  function again(): void {
    Object.assign(form, BLANK)
    jobId.value = undefined
    preview.answer.value = undefined
    preview.error.value = undefined
  }

  return { form, preview, importable, job, read, setRole, start, again }
}
