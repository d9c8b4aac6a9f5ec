import { Command, CommanderError } from 'commander'
import { addCorpusCommands } from './corpus-commands.ts'
import { addFileCommands } from './file-commands.ts'
import { addModelCommands } from './model-commands.ts'
import { describeError, EXIT, printJson } from './output.ts'
import { addServeCommand } from './serve-command.ts'
import { programVersion } from './session.ts'
import { addWorkCommands } from './work-commands.ts'

/** The headless shell: the same core, no window. Results on stdout, progress on stderr, an exit code for scripts. */
async function main(): Promise<number> {
  const program = new Command('signwright')
    .description('A workstation for sign-language corpora: annotate, translate, evaluate, publish.')
    .version(programVersion())
    .exitOverride()
    .showHelpAfterError()
  for (const add of [addCorpusCommands, addWorkCommands, addModelCommands, addFileCommands, addServeCommand]) add(program)
  try {
    await program.parseAsync()
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    return report(error)
  }
}

function report(error: unknown): number {
  const described = describeError(error)
  if (process.argv.includes('--json')) printJson({ error: described })
  else process.stderr.write(`signwright: ${described.message}${described.file && !described.message.includes(described.file) ? ` (${described.file})` : ''}\n`)
  if (described.code === 'internal' && error instanceof Error && process.env['SIGNWRIGHT_DEBUG']) process.stderr.write(`${error.stack}\n`)
  return described.code === 'cancelled' ? EXIT.cancelled : EXIT.failed
}

process.exitCode = await main()
