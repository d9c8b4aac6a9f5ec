import type { AnnotationFormat } from '#shared/contract/annotation-file.ts'
import type { JobId } from '#shared/contract/ids.ts'
import { computed, reactive, shallowRef, watch } from 'vue'
import { useApi } from '../../api/client.ts'
import { useAction } from '../../composables/use-action.ts'
import { useRequest } from '../../composables/use-request.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useFilePreviews } from './use-file-previews.ts'

/** The state of an import of annotation files: what was chosen, what is in each file, and the job. */
export function useAnnotationImport() {
  const api = useApi()
  const jobs = useJobs()
  const form = reactive({ source: '', format: 'auto' as AnnotationFormat | 'auto', acceptRepairs: true })
  const files = useFilePreviews(form)
  const sentenceTier = shallowRef('')
  /** Where media are that no place of the file has, by address. */
  const places = reactive(new Map<string, string>())
  const jobId = shallowRef<JobId>()
  const job = computed(() => (jobId.value === undefined ? undefined : jobs.byId.get(jobId.value)))

  async function read(): Promise<void> {
    if (!form.source.trim()) return
    places.clear()
    sentenceTier.value = ''
    await files.read()
  }

  const start = useAction(async () => {
    const input = {
      sources: [form.source.trim()],
      format: form.format,
      acceptRepairs: form.acceptRepairs,
      ...(sentenceTier.value && { sentenceTier: sentenceTier.value }),
      media: [...places].map(([url, path]) => ({ url, path })),
    }
    jobId.value = jobs.adopt(await api.annotationFile.import(input)).id
  })

  const taken = useRequest(signal => api.annotationFile.list({}, { signal }))
  watch(
    () => job.value?.state,
    state => state === 'done' && void taken.load(),
  )
  /** Where the last of the files went. */
  const recording = computed(() => {
    const own = new Set(files.files.value.map(({ file }) => file))
    return taken.answer.value?.findLast(({ path }) => own.has(path))
  })

  function again(): void {
    form.source = ''
    jobId.value = undefined
    files.forget()
    files.found.answer.value = undefined
    taken.answer.value = undefined
  }

  return { ...files, form, sentenceTier, places, job, recording, read, start, again }
}
