import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { asAppError } from '../api/app-error.ts'
import type { ErrorCode } from '#shared/contract/errors.ts'

export interface NoticeAction {
  label: string
  run: () => void
}

export interface Notice {
  id: number
  kind: 'info' | 'good' | 'error'
  message: string
  /** For errors: which heading and remedy the toast shows. */
  code?: ErrorCode
  action?: NoticeAction
  /** A new notice takes the place of an older one on the same topic. */
  topic?: string
}

const MOST_SHOWN = 4

/** Short messages at the edge of the window. */
export const useNotices = defineStore('notices', () => {
  const shown = shallowRef<readonly Notice[]>([])
  let lastId = 0

  function show(notice: Omit<Notice, 'id'>): number {
    lastId += 1
    const others = shown.value.filter(each => notice.topic === undefined || each.topic !== notice.topic)
    shown.value = [...others, { ...notice, id: lastId }].slice(-MOST_SHOWN)
    return lastId
  }

  function dismiss(id: number): void {
    shown.value = shown.value.filter(notice => notice.id !== id)
  }

  function info(message: string, action?: NoticeAction, topic?: string): void {
    show({ kind: 'info', message, ...(action && { action }), ...(topic && { topic }) })
  }

  function good(message: string, action?: NoticeAction, topic?: string): void {
    show({ kind: 'good', message, ...(action && { action }), ...(topic && { topic }) })
  }

  /** Shows what went wrong. A cancelled action is an outcome, not an error, and stays silent. */
  function error(thrown: unknown, action?: NoticeAction): void {
    const { code, message } = asAppError(thrown)
    if (code === 'cancelled') return
    show({ kind: 'error', code, message, ...(action && { action }) })
  }

  return { shown, dismiss, info, good, error }
})
