/** The original computation in a Python process, asked over its standard streams. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface SpamoPeer extends AsyncDisposable {
  /** Of PyTorch. */
  version: string
  ask: <T>(order: object) => Promise<T>
}

/** Undefined, and said so, where this Python has no PyTorch. */
export async function startSpamoPeer(
  python: string,
  weightsDir: string,
  threads: number,
): Promise<SpamoPeer | undefined> {
  const script = join(import.meta.dirname, 'peer_spamo.py')
  const child = spawn(python, [script, weightsDir, String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Spinning threads make PyTorch forty times slower where other programs run; ours do not spin either.
    env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE' },
  })
  const failed = failure(child)
  failed.catch(() => {})
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async <T>(): Promise<T> =>
    JSON.parse((await Promise.race([lines.next(), failed])).value as string) as T
  try {
    const { ready } = await next<{ ready: string }>()
    return {
      version: ready,
      ask: async <T>(order: object) => {
        child.stdin.write(`${JSON.stringify(order)}\n`)
        return next<T>()
      },
      [Symbol.asyncDispose]: async () => void child.stdin.end(),
    }
  } catch (error) {
    console.log(
      `No peer (${error instanceof Error ? error.message : String(error)}): pass --python of an environment with torch and transformers.`,
    )
    return undefined
  }
}

function failure(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once('error', reject)
    child.once('exit', code => reject(new Error(`exit ${code}`)))
  })
}
