import { getCurrentInstance } from 'vue'
import { useApi } from '../api/client.ts'
import { asAppError } from '../api/app-error.ts'
import { useNotices } from '../stores/notices.ts'
import { useWindowEvent } from './use-event.ts'

const LONGEST_REPORT = 20_000

/** Whatever no one caught is told to the user and written to the core's log. */
export function useBugReports(): void {
  const api = useApi()
  const notices = useNotices()
  const app = getCurrentInstance()?.appContext.app

  function report(thrown: unknown): void {
    const error = asAppError(thrown)
    if (error.code === 'cancelled') return
    notices.error(error)
    if (error.code !== 'internal') return
    const stack = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
    // A report that fails has nowhere else to go.
    api.app.reportBug({ message: stack.slice(0, LONGEST_REPORT) }).catch(() => {})
  }

  if (app) app.config.errorHandler = report
  useWindowEvent('error', event => {
    // Browsers tell of a resize observer's postponed call as an error; nothing is wrong then.
    if (!event.message.startsWith('ResizeObserver loop')) report(event.error ?? event.message)
  })
  useWindowEvent('unhandledrejection', event => report(event.reason))
}
