import type { ReviewState } from '#shared/contract/clip.ts'
import type { ClipId } from '#shared/contract/ids.ts'
import type { Job } from '#shared/contract/job.ts'
import type { Ref } from 'vue'
import { useRouter } from 'vue-router'
import { useApi } from '../../api/client.ts'
import { useFormat } from '../../composables/use-format.ts'
import { useText } from '../../composables/use-text.ts'
import { useCommandRegistry } from '../../stores/commands.ts'
import { useJobs } from '../../stores/jobs.ts'
import { useNotices } from '../../stores/notices.ts'

/** What the action bar does to the chosen clips. */
export function useBulkActions(selected: Readonly<Ref<readonly ClipId[]>>) {
  const { t } = useText()
  const { count } = useFormat()
  const api = useApi()
  const router = useRouter()
  const jobs = useJobs()
  const notices = useNotices()
  const commands = useCommandRegistry()

  async function change(changes: { state?: ReviewState; split?: string }): Promise<void> {
    try {
      const selection = { kind: 'ids' as const, clipIds: [...selected.value] }
      const { changed } = await api.clip.update({ selection, changes })
      const undo = { label: t('commands.undo'), run: () => commands.run('edit.undo') }
      notices.good(t('corpus.changed', { n: count(changed) }, changed), undo, 'edit')
    } catch (error) {
      notices.error(error)
    }
  }

  const setState = (state: ReviewState) => change({ state })
  const setSplit = (split: string) => change({ split })

  function onStarted(job: Job): void {
    jobs.adopt(job)
    const show = {
      label: t('shell.showJob'),
      run: () => void router.push({ name: 'jobs', query: { job: job.id } }),
    }
    notices.info(t('corpus.job.started', { title: job.title }), show)
  }

  return { setState, setSplit, onStarted }
}
