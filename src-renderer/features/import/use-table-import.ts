import type { JobId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import { computed, reactive, shallowRef } from 'vue'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useJobs } from '../../stores/jobs.ts'

interface TableForm<Role> {
  source: string
  /** Meaning of each column; empty: as the core guesses. */
  columns: Role[]
}

export interface TableImport<Form, Preview> {
  blank: Form
  /** What no longer holds once these fields have changed: another table has other columns. */
  forgotten: (patch: Partial<Form>) => Partial<Form>
  preview: (form: Form, signal: AbortSignal) => Promise<Preview>
  start: (form: Form) => Promise<Job>
  /** How much of what was read would be stored. */
  importable: (preview: Preview) => number
}

/** The state of an import that reads a table: the form, its preview, and the job once it is started. */
export function useTableImport<
  Role extends string,
  Form extends TableForm<Role>,
  Preview extends { columns: Role[] },
>({ blank, forgotten, ...act }: TableImport<Form, Preview>) {
  const jobs = useJobs()
  const form = reactive({ ...blank }) as Form
  const jobId = shallowRef<JobId>()
  const preview = useRequest(signal => act.preview(form, signal))

  const job = computed(() => (jobId.value === undefined ? undefined : jobs.byId.get(jobId.value)))
  const importable = computed(() => (preview.answer.value ? act.importable(preview.answer.value) : 0))

  function read(patch: Partial<Form>): Promise<void> {
    Object.assign(form, forgotten(patch), patch)
    return form.source.trim() ? preview.load() : Promise.resolve()
  }

  function setRole(index: number, role: Role): Promise<void> {
    const guessed = preview.answer.value?.columns ?? []
    const columns = guessed.map((each, at) => (at === index ? role : each))
    return read({ columns } as Partial<Form>)
  }

  const start = useAction(async () => {
    jobId.value = jobs.adopt(await act.start(form)).id
  })

  function again(): void {
    Object.assign(form, blank)
    jobId.value = undefined
    preview.answer.value = undefined
    preview.error.value = undefined
  }

  return { form, preview, importable, job, read, setRole, start, again }
}
