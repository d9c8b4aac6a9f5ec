import { join } from 'node:path'
import type { Settings } from '#shared/contract/app.ts'

/** The folder that the user chose, else one in the data folder. */
export function downloadDirOf({ downloadDir }: Settings, dataDir: string): string {
  return downloadDir || join(dataDir, 'downloads')
}
