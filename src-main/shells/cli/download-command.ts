import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { DownloadPreview } from '#shared/contract/download.ts'
import { AppError } from '#shared/contract/errors.ts'
import { createDownloadService, type DownloadService } from '../../core/download/download.service.ts'
import { PRESETS } from '../../core/download/presets.ts'
import { downloadDirOf } from '../../core/download/place.ts'
import { defaultDataDir } from '../paths.ts'
import { createProgressLine, printJson, printTable } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

interface DownloadOptions extends CommonOptions {
  from?: string
  dir?: string
  revision: string
  weights: boolean
  files?: string
  yes?: boolean
}

/** `models download`; `models` is there already. */
export function addDownloadCommand(program: Command): void {
  const models = program.commands.find(command => command.name() === 'models')
  models
    ?.command('download <repositories...>')
    .description(
      'Fetch the base weights that a conversion starts from. Without --yes it only says what would be fetched',
    )
    .option(
      '--from <address>',
      'server with the addresses of the Hugging Face Hub; default: the one in the settings',
    )
    .option('--dir <dir>', 'folder in the layout of the Hugging Face cache; default: the one in the settings')
    .option('--revision <name>', 'branch, tag or commit', 'main')
    .option('--files <names>', 'these files only, separated by commas')
    .option('--no-weights', 'configuration and tokenizer only')
    .option('--yes', 'fetch it')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
    .addHelpText('after', `\nThe parts of SpaMo: ${PRESETS.map(preset => preset.repository).join(', ')}`)
    .action(download)
}

async function download(repositories: string[], options: DownloadOptions): Promise<void> {
  const abort = new AbortController()
  const onSignal = () => abort.abort()
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
  const downloads = await serviceOf(options)
  const previews: DownloadPreview[] = []
  for (const repository of repositories)
    previews.push(
      await downloads.preview(
        {
          repository,
          revision: options.revision,
          withWeights:
            options.weights && (PRESETS.find(each => each.repository === repository)?.needsWeights ?? true),
          ...(options.files ? { files: options.files.split(',').map(name => name.trim()) } : {}),
        },
        abort.signal,
      ),
    )
  if (!options.yes) return tell(previews, options)
  const folders = []
  for (const { plan } of previews) folders.push(await fetchOne(downloads, plan, { abort, options }))
  if (options.json) return printJson({ folders })
  printTable(folders.map(({ repository, dir }) => [repository, dir]))
  return undefined
}

/** Settings are read by a core that is closed again: a transfer of hours must not keep it. */
async function serviceOf({ from, dir }: DownloadOptions): Promise<DownloadService> {
  const settings = await withCore({}, ({ api }) => api.app.settings())
  return createDownloadService({
    base: () => from ?? settings.downloadBase,
    dir: () => (dir ? resolve(dir) : downloadDirOf(settings, defaultDataDir())),
  })
}

interface Running {
  abort: AbortController
  options: DownloadOptions
}

async function fetchOne(
  downloads: DownloadService,
  plan: DownloadPreview['plan'],
  { abort, options }: Running,
): Promise<{ repository: string; dir: string }> {
  const line = createProgressLine(options.quiet === true)
  const size = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`
  const dir = await downloads
    .run(plan, {
      signal: abort.signal,
      progress: (done, total) => line.show(`${plan.repository}: ${size(done)} of ${size(total)}`),
      log: message => process.stderr.write(`${message}\n`),
    })
    .catch((error: unknown) => {
      if (!abort.signal.aborted) throw error
      throw new AppError(
        'cancelled',
        'Stopped. What was fetched is kept; run the same command again to go on.',
      )
    })
  line.end(`${plan.repository}: complete`)
  return { repository: plan.repository, dir }
}

function tell(previews: readonly DownloadPreview[], { json }: DownloadOptions): void {
  if (json) return printJson({ downloads: previews })
  for (const { plan, files, bytesToFetch, freeBytes, licence, licenceSource } of previews) {
    printTable(files.map(({ name, bytes, state }) => [name, `${bytes} bytes`, state]))
    process.stdout.write(
      `${plan.repository} at ${plan.commit} from ${plan.base} into ${plan.dir}: ${(bytesToFetch / 1e6).toFixed(1)} MB to fetch, ${(freeBytes / 1e9).toFixed(1)} GB free.\n` +
        `Licence: ${licence ?? 'not known here'}, see ${licenceSource}\n`,
    )
  }
  process.stdout.write('Nothing was fetched. Give the command again with --yes to fetch it.\n')
}
