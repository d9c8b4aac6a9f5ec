import { Command, CommanderError } from 'commander'
import { logFile } from '../log.ts'
import { defaultDataDir } from '../paths.ts'
import { addAgreementCommand } from './agreement-command.ts'
import { addAnnotationExport } from './annotation-commands.ts'
import { addCorpusCommands } from './corpus-commands.ts'
import { addDatasetCommands } from './dataset-commands.ts'
import { addDensityCommand } from './density-command.ts'
import { addDownloadCommand } from './download-command.ts'
import { addFileCommands } from './file-commands.ts'
import { addGlossToTextCommand } from './gloss-to-text-command.ts'
import { addImportCommand } from './import-command.ts'
import { addMediaCommand } from './media-command.ts'
import { addLocaliseCommand } from './localise-command.ts'
import { addModelCommands } from './model-commands.ts'
import { type CliError, describeError, EXIT, oneLine, printJson } from './output.ts'
import { addPseudoGlossCommand } from './pseudo-gloss-command.ts'
import { addPublishedCommand } from './published-command.ts'
import { addScoreCommands } from './score-commands.ts'
import { addServeCommand } from './serve-command.ts'
import { programVersion } from './session.ts'
import { addRatingsCommand } from './ratings-command.ts'
import { addReportCommand } from './report-command.ts'
import { addRightsCommand } from './rights-command.ts'
import { addWorkCommands } from './work-commands.ts'

/** The headless shell: the same core, no window. Results on stdout, progress on stderr, an exit code for scripts. */
async function main(): Promise<number> {
  const program = new Command('signwright')
    .description('A workstation for sign-language corpora: annotate, translate, evaluate, publish.')
    .version(programVersion())
    .exitOverride()
    .showHelpAfterError('(--help after a command lists its options.)')
  for (const add of [
    addCorpusCommands,
    addImportCommand,
    addWorkCommands,
    addGlossToTextCommand,
    addDatasetCommands,
    addRightsCommand,
    addReportCommand,
    addMediaCommand,
    addAnnotationExport,
    addAgreementCommand,
    addRatingsCommand,
    addPseudoGlossCommand,
    addLocaliseCommand,
    addDensityCommand,
    addModelCommands,
    addDownloadCommand,
    addFileCommands,
    addPublishedCommand,
    addScoreCommands,
    addServeCommand,
  ])
    add(program)
  program.hook('preAction', (_program, command) => refuseEmptyPlaces(command))
  try {
    await program.parseAsync()
    return EXIT.done
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    return report(error)
  }
}

/** `--corpus "$DIR"` with a variable that is not set must not mean the folder that the shell happens to be in. */
function refuseEmptyPlaces(command: Command): void {
  const options = ['corpus', 'out', 'dir', 'name'].filter(name => command.getOptionValue(name) === '')
  const empty = [
    ...command.args.filter(text => text === '').map(() => 'an argument'),
    ...options.map(name => `--${name}`),
  ]
  if (empty.length > 0)
    command.error(`error: ${empty[0]} is empty. Is a variable of the shell not set?`, {
      exitCode: EXIT.usage,
    })
}

function report(error: unknown): number {
  const described = describeError(error)
  if (described.code === 'internal')
    described.message += ` The log may say more: ${logFile(defaultDataDir())}`
  if (process.argv.includes('--json')) printJson({ error: described })
  else process.stderr.write(`signwright: ${sentenceOf(described)}\n`)
  if (described.code === 'internal' && error instanceof Error && process.env['SIGNWRIGHT_DEBUG'])
    process.stderr.write(`${error.stack}\n`)
  return described.code === 'cancelled' ? EXIT.cancelled : EXIT.failed
}

function sentenceOf({ message, file }: CliError): string {
  return oneLine(file && !message.includes(file) ? `${message} (${file})` : message)
}

// `signwright … | head` closes our output early: that is the reader's wish, not a failure.
process.stdout.on('error', error => {
  if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit(EXIT.done)
  throw error
})

const code = await main()
// Work that was cancelled may still be stuck in a call that nothing ends.
if (code === EXIT.cancelled) process.exit(code)
process.exitCode = code
