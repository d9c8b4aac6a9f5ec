import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import pino, { type Logger } from 'pino'

/** JSON lines in `dataDir/logs/signwright.log`; warnings go to stderr as well when `isLoud`. */
export function openLog(dataDir: string, isLoud: boolean): Logger {
  const dir = join(dataDir, 'logs')
  mkdirSync(dir, { recursive: true })
  const file = pino.destination({ dest: join(dir, 'signwright.log'), sync: true })
  const streams: pino.StreamEntry[] = [{ level: 'info', stream: file }]
  if (isLoud) streams.push({ level: 'warn', stream: pino.destination({ dest: 2, sync: true }) })
  return pino({ base: null }, pino.multistream(streams))
}
