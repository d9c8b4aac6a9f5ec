import type {
  AnnotationFileCheck,
  AnnotationFilePreview,
  AnnotationFormat,
} from '#shared/contract/annotation-file.ts'
import type { AppError } from '#shared/contract/errors.ts'
import { computed, onScopeDispose, shallowReactive, shallowRef, watch } from 'vue'
import { asAppError } from '../../api/app-error.ts'
import { useApi } from '../../api/client.ts'
import { useRequest } from '../../composables/use-request.ts'

/** How many files of a folder are looked into before the import; the others are read when they are taken in. */
const PREVIEWED = 100

/** `check` is null while the file is still being checked. */
export type Previewed =
  | { preview: AnnotationFilePreview; check: AnnotationFileCheck | null }
  | { error: AppError }

/** The annotation files of a file or folder, and what is in each, read one after the other. */
export function useFilePreviews(form: { source: string; format: AnnotationFormat | 'auto' }) {
  const api = useApi()
  const previews = shallowReactive(new Map<string, Previewed>())
  const shownFile = shallowRef<string>()
  let abort = new AbortController()

  const found = useRequest(signal => api.annotationFile.find({ sources: [form.source.trim()] }, { signal }))
  const files = computed(() => found.answer.value ?? [])
  const shown = computed(() => (shownFile.value === undefined ? undefined : previews.get(shownFile.value)))
  const readable = computed(() => files.value.filter(({ file }) => !('error' in (previews.get(file) ?? {}))))

  async function look(file: string, signal: AbortSignal): Promise<void> {
    if (previews.has(file)) return
    try {
      const one = { file, format: form.format }
      const preview = await api.annotationFile.preview(one, { signal })
      if (signal.aborted) return
      previews.set(file, { preview, check: null })
      const check = await api.annotationFile.check(one, { signal })
      if (!signal.aborted) previews.set(file, { preview, check })
    } catch (error) {
      if (!signal.aborted) previews.set(file, { error: asAppError(error) })
    }
  }

  function forget(): void {
    abort.abort()
    abort = new AbortController()
    previews.clear()
    shownFile.value = undefined
  }

  async function read(): Promise<void> {
    forget()
    const { signal } = abort
    await found.load()
    if (signal.aborted) return
    shownFile.value = files.value[0]?.file
    for (const { file } of files.value.slice(0, PREVIEWED)) {
      if (signal.aborted) return
      await look(file, signal)
    }
  }

  /** One that is chosen before its turn, or lies behind those that are looked into. */
  watch(shownFile, file => {
    const isInTurn = files.value.slice(0, PREVIEWED).some(each => each.file === file)
    if (file !== undefined && !isInTurn) void look(file, abort.signal)
  })
  onScopeDispose(() => abort.abort())
  return { found, files, previews, shownFile, shown, readable, read, forget }
}
