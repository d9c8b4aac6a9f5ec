import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { type Command, InvalidArgumentError } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import type { Core } from '../../core/core.ts'
import { SOURCE_PATHS } from '../paths.ts'
import { startServer } from '../server/server.ts'
import { startCore } from './session.ts'

interface ServeOptions {
  port: number
  open?: boolean
  demo?: boolean
  corpus?: string
  token?: string
}

export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('Serve the workstation to a browser on this machine (from elsewhere: ssh -L)')
    .option('--port <port>', 'port on the loopback interface; 0 takes a free one', portOf, 4717)
    .option('--open', 'open the browser')
    .option('--demo', 'start on the demo corpus')
    .option('--corpus <dir>', 'start on this corpus')
    .option('--token <token>', 'fixed access token, e.g. for a bookmark', tokenOf)
    .action(serve)
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new InvalidArgumentError('A port is a number from 0 to 65535.')
}

function tokenOf(text: string): string {
  if (text !== '') return text
  throw new InvalidArgumentError('It must not be empty. Leave the option out to get a random one.')
}

async function serve(options: ServeOptions): Promise<void> {
  const core = await startCore('server', { resumeJobs: true, isLoud: true })
  try {
    const api = createRouterClient(core.router, { context: {} })
    if (options.corpus) await api.corpus.open({ dir: resolve(options.corpus) })
    else if (options.demo) await api.corpus.demo({})
    await using server = await listen(core, options)
    process.stdout.write(`Signwright is at ${server.url}\nCtrl C ends it.\n`)
    if (options.open) openBrowser(server.url)
    await new Promise<void>(done => {
      process.once('SIGINT', done)
      process.once('SIGTERM', done)
    })
  } finally {
    await core.close()
  }
}

async function listen(core: Core, { port, token }: ServeOptions) {
  try {
    const server = await startServer({
      core,
      port,
      rendererDir: SOURCE_PATHS.renderer,
      ...(token ? { token } : {}),
    })
    return { url: server.url, [Symbol.asyncDispose]: server.close }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new AppError(
      'conflict',
      `Port ${port} is in use, perhaps by another Signwright. Choose another one: --port 0 takes a free one.`,
      { cause: error },
    )
  }
}

function openBrowser(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  // Without a browser to open, the printed address remains.
  spawn(command, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
}
