import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Backup } from '#shared/contract/corpus.ts'

export type BackupReason = Backup['reason']

const NAME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.([a-z-]+)\.sqlite$/

/** Newest first. */
export function listBackups(dir: string): Backup[] {
  if (!existsSync(dir)) return []
  const found = readdirSync(dir).flatMap(name => {
    const backup = parseName(name)
    if (!backup) return []
    const file = join(dir, name)
    return [{ file, ...backup, bytes: statSync(file).size }]
  })
  return found.sort((a, b) => b.takenAt - a.takenAt)
}

function parseName(name: string): Pick<Backup, 'takenAt' | 'reason'> | null {
  const match = NAME.exec(name)
  const reason = Backup.shape.reason.safeParse(match?.[8])
  if (!match || !reason.success) return null
  const [year, month, day, hour, minute, second, millisecond] = match.slice(1, 8).map(Number)
  const takenAt = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second, millisecond)
  return { takenAt, reason: reason.data }
}

export function backupName(takenAt: number, reason: BackupReason): string {
  return `${new Date(takenAt).toISOString().replaceAll(/[:.]/g, '-')}.${reason}.sqlite`
}
