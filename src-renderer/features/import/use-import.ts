import type { JobId } from '#shared/contract/ids.ts'
import type { COLUMN_ROLES, IMPORT_FORMATS, ImportSource } from '#shared/contract/transfer.ts'
import { computed, reactive, shallowRef } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useJobs } from '../../stores/jobs.ts'

export type ImportFormat = (typeof IMPORT_FORMATS)[number]
export type Role = (typeof COLUMN_ROLES)[number]

export interface ImportForm {
  source: string
  format: ImportFormat
  table: string
  /** Empty: as the core guesses. */
  columns: Role[]
  encoding: '' | NonNullable<ImportSource['encoding']>
  split: string
  language: string
  licence: string
}

const BLANK: ImportForm = {
  source: '',
  format: 'auto',
  table: '',
  columns: [],
  encoding: '',
  split: '',
  language: '',
  licence: '',
}

/** What the form says, without what it leaves open. */
export function importSource(form: ImportForm): ImportSource {
  const { source, format, licence, columns, table, encoding } = form
  const split = form.split.trim()
  const language = form.language.trim()
  return {
    source: source.trim(),
    format,
    licence: licence.trim(),
    ...(table && { table }),
    ...(columns.length > 0 && { columns: [...columns] }),
    ...(encoding && { encoding }),
    ...(split && { split }),
    ...(language && { language }),
  }
}

/** The wizard's state: the form, its preview, and the job once it is started. */
export function useImport() {
  const api = useApi()
  const jobs = useJobs()
  const form = reactive<ImportForm>({ ...BLANK })
  const jobId = shallowRef<JobId>()
  const preview = useRequest(signal => api.importing.preview(importSource(form), { signal }))

  const job = computed(() => (jobId.value === undefined ? undefined : jobs.byId.get(jobId.value)))
  const importable = computed(() => {
    const counts = preview.answer.value?.counts
    return counts ? counts.new + counts.changed : 0
  })

  /** Another source or table has other columns: guesses are made anew. */
  function read(patch: Partial<ImportForm>): Promise<void> {
    const isOther = ['source', 'format', 'table', 'encoding'].some(key => key in patch)
    Object.assign(form, isOther ? { columns: [] } : {}, 'source' in patch ? { table: '' } : {}, patch)
    if (!form.source.trim()) return Promise.resolve()
    return preview.load()
  }

  function setRole(index: number, role: Role): Promise<void> {
    const guessed = preview.answer.value?.columns ?? []
    return read({ columns: guessed.map((each, at) => (at === index ? role : each)) })
  }

  const start = useAction(async () => {
    jobId.value = jobs.adopt(await api.importing.start(importSource(form))).id
  })

  function again(): void {
    Object.assign(form, BLANK)
    jobId.value = undefined
    preview.answer.value = undefined
    preview.error.value = undefined
  }

  return { form, preview, importable, job, read, setRole, start, again }
}
