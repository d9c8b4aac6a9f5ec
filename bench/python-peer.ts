/** The original computation in a Python process, asked over its standard streams: one JSON line each way. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface PythonPeer extends AsyncDisposable {
  /** Of PyTorch. */
  version: string
  ask: <T>(order: object) => Promise<T>
}

/** @throws Error where this Python has not what the script imports */
export async function startPeer(python: string, script: string, args: string[]): Promise<PythonPeer> {
  const child = spawn(python, [join(import.meta.dirname, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Spinning threads make PyTorch forty times slower where other programs run; ours do not spin either.
    env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' },
  })
  const failed = failure(child)
  failed.catch(() => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> =>
    JSON.parse((await Promise.race([lines.next(), failed])).value as string) as T
  const { ready } = await next<{ ready: string }>()
  return {
    version: ready,
    ask: async <T>(order: object) => {
      child.stdin.write(`${JSON.stringify(order)}\n`)
      return next<T>()
    },
    [Symbol.asyncDispose]: async () => void child.stdin.end(),
  }
}

/** Undefined, and said so, where this Python cannot be the peer. */
export async function startPeerIfAny(
  ...start: Parameters<typeof startPeer>
): Promise<PythonPeer | undefined> {
  try {
    return await startPeer(...start)
  } catch (error) {
    console.log(`No peer (${error instanceof Error ? error.message : String(error)}).`)
    return undefined
  }
}

function failure(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', code =>
      reject(new Error(`the peer ended with ${code}; --python names one with torch and transformers`)),
    )
  })
}
