import { onScopeDispose, watch } from 'vue'
import { useRouter } from 'vue-router'
import { useConnection } from '../../api/client.ts'
import { useText } from '../../composables/use-text.ts'
import { onCorpusChange, useCorpus } from '../../stores/corpus.ts'
import { useEdits } from '../../stores/edits.ts'
import { onJobEnd, useJobs } from '../../stores/jobs.ts'
import { useNotices } from '../../stores/notices.ts'
import { useSettings } from '../../stores/settings.ts'
import { useWorkplace } from '../../stores/workplace.ts'

/** Keeps the stores in step with the core for as long as the window is open. */
export function useLiveCore(): void {
  const abort = new AbortController()
  const connection = useConnection()
  const corpus = useCorpus()
  const edits = useEdits()
  const jobs = useJobs()
  const notices = useNotices()
  const settings = useSettings()
  const workplace = useWorkplace()

  void corpus.start(abort.signal)
  void jobs.start(abort.signal)
  onScopeDispose(() => abort.abort())

  watch(
    connection,
    state => {
      if (state !== 'open') return
      settings.load().catch(notices.error)
      workplace.loadApp().catch(notices.error)
      workplace.loadDevices().catch(notices.error)
      workplace.loadSpeeds().catch(notices.error)
    },
    { immediate: true },
  )
  const refreshEdits = () => edits.refresh(corpus.current !== null).catch(notices.error)
  watch(() => corpus.current?.dir, refreshEdits)
  onCorpusChange(['edit'], refreshEdits)
  // Another corpus has other jobs; those of the machine stay.
  watch(
    () => corpus.current?.dir,
    () => jobs.refresh().catch(notices.error),
  )
  // Its first job may have measured a model.
  onJobEnd(() => void workplace.loadSpeeds().catch(notices.error))
  useJobNotices()
}

/** A job that ends while the user is elsewhere is told of. */
function useJobNotices(): void {
  const { t } = useText()
  const router = useRouter()
  const notices = useNotices()

  onJobEnd(job => {
    const isShown = [job.kind, 'jobs'].includes(String(router.currentRoute.value.name))
    if (isShown || job.kind === 'proxy') return
    const show = {
      label: t('shell.showJob'),
      run: () => void router.push({ name: 'jobs', query: { job: job.id } }),
    }
    if (job.state === 'done') notices.good(t('shell.jobDone', { title: job.title }), show)
    if (job.state === 'failed') {
      notices.error(new Error(t('shell.jobFailed', { title: job.title, problem: job.problem ?? '' })), show)
    }
  })
}
