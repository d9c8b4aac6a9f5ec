import { type ChildProcess, fork } from 'node:child_process'
import type { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { FromEngine, ToEngine } from './messages.ts'
import { moduleBeside } from '../../module-beside.ts'

export interface EngineExit {
  code: number | null
  signal: NodeJS.Signals | null
  /** The end of what the process wrote to its error stream: native crashes speak there. */
  lastWords: string
}

/** The engine as a child process. It keeps this process alive only between `use` and `rest`. */
export interface EngineProcess {
  pid: number | null
  send: (message: ToEngine) => void
  use: (onMessage: (message: FromEngine) => void) => void
  rest: () => void
  kill: () => void
  /** Settles when the process is gone, however that came. */
  gone: Promise<EngineExit>
}

export interface EngineProcessOptions {
  entry?: string | URL
  execArgv?: string[]
}

const KEPT_CHARACTERS = 4000

export function startEngineProcess({ entry, execArgv }: EngineProcessOptions): EngineProcess {
  const start = entry ?? moduleBeside(import.meta.url, './main.ts', 'engine.js')
  const child = fork(start instanceof URL ? fileURLToPath(start) : start, [], {
    ...(execArgv && { execArgv }),
    // Inside Electron the same binary has to behave as Node.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
  })
  let listener: ((message: FromEngine) => void) | null = null
  child.on('message', message => listener?.(message as FromEngine))

  const holds = [child, child.channel, child.stderr as Socket | null]
  return {
    pid: child.pid ?? null,
    send: message => void (child.connected && child.send(message)),
    use(onMessage) {
      listener = onMessage
      for (const hold of holds) hold?.ref()
    },
    rest() {
      listener = null
      for (const hold of holds) hold?.unref()
    },
    kill: () => void child.kill('SIGKILL'),
    gone: exitOf(child),
  }
}

function exitOf(child: ChildProcess): Promise<EngineExit> {
  let lastWords = ''
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (text: string) => (lastWords = (lastWords + text).slice(-KEPT_CHARACTERS)))
  return new Promise(resolve => {
    // 'close' comes when the error stream is read to its end; a process that never started has only 'error'.
    child.once('close', (code, signal) => resolve({ code, signal, lastWords }))
    child.on('error', error => {
      if (child.pid === undefined) resolve({ code: null, signal: null, lastWords: error.message })
    })
  })
}
