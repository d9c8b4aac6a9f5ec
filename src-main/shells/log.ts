import { dirname, join } from 'node:path'
import pino, { type Logger } from 'pino'
import { AppError } from '#shared/contract/errors.ts'
import { makeFolder } from '../core/corpus/folder.ts'

/** The first file that the program writes: a data folder that is of no use is noticed here. */
function openFile(dataDir: string, dest: string): ReturnType<typeof pino.destination> {
  try {
    makeFolder(dirname(dest))
    return pino.destination({ dest, sync: true })
  } catch (error) {
    const message = `Signwright cannot write to its data folder ${dataDir}. Check its permissions and the space on its disk, or name another folder in SIGNWRIGHT_DATA.`
    throw new AppError('invalid-input', message, { cause: error, details: { file: dataDir } })
  }
}

export function logFile(dataDir: string): string {
  return join(dataDir, 'logs', 'signwright.log')
}

/** JSON lines in `dataDir/logs/signwright.log`; warnings go to stderr as well when `isLoud`. */
export function openLog(dataDir: string, isLoud: boolean): Logger {
  const dest = logFile(dataDir)
  const file = openFile(dataDir, dest)
  const streams: pino.StreamEntry[] = [{ level: 'info', stream: file }]
  if (isLoud) streams.push({ level: 'warn', stream: pino.destination({ dest: 2, sync: true }) })
  return pino({ base: null }, pino.multistream(streams))
}
