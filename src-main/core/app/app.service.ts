import type { AppInfo, Settings } from '#shared/contract/app.ts'
import type { Log } from '../context.ts'
import { browse, type Directory } from './browse.ts'
import { openSettings } from './settings.ts'

export interface AppDeps {
  dataDir: string
  homeDir: string
  version: string
  shell: AppInfo['shell']
  log: Log
  ffmpeg: () => Promise<AppInfo['ffmpeg']>
}

/** What belongs to the program, whichever corpus is open. */
export function createAppService({ dataDir, homeDir, version, shell, log, ffmpeg }: AppDeps) {
  const settings = openSettings(dataDir, log)

  async function info(): Promise<AppInfo> {
    const platform = `${process.platform} ${process.arch}`
    return { version, platform, shell, dataDir, homeDir, ffmpeg: await ffmpeg() }
  }

  return {
    info,
    settings: (): Settings => settings.get(),
    saveSettings: (changes: Partial<Settings>): Settings => settings.save(changes),
    /** The home folder, where none is named. */
    browse: ({ dir }: { dir: string | null }): Promise<Directory> => browse(dir ?? homeDir),
    reportBug: ({ message }: { message: string }): void => log.error({ from: 'window' }, message),
  }
}

export type AppService = ReturnType<typeof createAppService>
