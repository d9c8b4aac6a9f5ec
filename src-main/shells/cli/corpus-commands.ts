import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { CorpusSummary } from '#shared/contract/corpus.ts'
import type { Command } from 'commander'
import { counted, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

export function addCorpusCommands(program: Command): void {
  program
    .command('demo [dir]')
    .description('Make the demo corpus, or open the one that is there')
    .option('--json', 'print the result as JSON')
    .action((dir: string | undefined, options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const corpus = await api.corpus.demo(dir ? { dir: resolve(dir) } : {})
        if (options.json) return printJson(corpus)
        process.stdout.write(`${corpus.dir}: ${counted(corpus.clips, 'clip')}\n`)
        return undefined
      }),
    )

  program
    .command('create <dir>')
    .description('Make an empty corpus')
    .requiredOption('--name <name>', 'name of the corpus')
    .option('--json', 'print the result as JSON')
    .action((dir: string, options: CommonOptions & { name: string }) =>
      withCore(options, async ({ api }) => {
        const corpus = await api.corpus.create({ dir: resolve(dir), name: options.name })
        if (options.json) return printJson(corpus)
        process.stdout.write(`${corpus.dir}\n`)
        return undefined
      }),
    )

  program
    .command('backup')
    .description('Back the corpus up now')
    .requiredOption('--corpus <dir>', 'the corpus folder')
    .option('--json', 'print the result as JSON')
    .action((options: CommonOptions) =>
      withCore(options, async ({ api }) => {
        const backup = await api.corpus.backup()
        if (options.json) return printJson(backup)
        process.stdout.write(`${backup.file}\n`)
        return undefined
      }),
    )

  program
    .command('restore [file]')
    .description('Bring a backup back; without a file, list the backups')
    .requiredOption('--corpus <dir>', 'the corpus folder')
    .option('--json', 'print the result as JSON')
    .action(restore)
}

async function restore(file: string | undefined, options: CommonOptions): Promise<void> {
  // A damaged corpus cannot be opened first.
  await withCore({}, async ({ api }) => {
    const dir = resolve(options.corpus ?? '')
    const backups = await api.corpus.backupsOf({ dir })
    if (file !== undefined) {
      const chosen = backups.find(backup => isSameFile(backup.file, resolve(file)))
      if (!chosen) throw noBackupOf(dir, file)
      return printRestored(await api.corpus.restore({ file: chosen.file }), options)
    }
    if (options.json) return printJson({ backups })
    if (backups.length === 0) process.stderr.write(`${dir} has no backups yet.\n`)
    printTable(
      backups.map(({ takenAt, reason, file: path }) => [new Date(takenAt).toISOString(), reason, path]),
    )
    return undefined
  })
}

/** The folder may have been named by another way that leads to it. */
function isSameFile(one: string, other: string): boolean {
  return one === other || (existsSync(other) && realpathSync(one) === realpathSync(other))
}

function noBackupOf(dir: string, file: string): AppError {
  return new AppError(
    'not-found',
    `${file} is no backup of the corpus ${dir}. \`signwright restore --corpus ${dir}\` lists those there are.`,
    { details: { file } },
  )
}

function printRestored(corpus: CorpusSummary, options: CommonOptions): void {
  if (options.json) printJson(corpus)
  else process.stdout.write(`${corpus.dir}: restored, ${counted(corpus.clips, 'clip')}\n`)
}
