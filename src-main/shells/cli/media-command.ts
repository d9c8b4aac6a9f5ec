import { resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '#shared/contract/errors.ts'
import type { RecordingId } from '#shared/contract/ids.ts'
import type { MediaFacts } from '#shared/contract/media.ts'
import { corpusCommand, wholeNumber } from './options.ts'
import { printJson, printTable } from './output.ts'
import { type Api, type CommonOptions, withCore } from './session.ts'

const DAY_MS = 86_400_000

/** `media list` and `media add`: the videos of a recording that are shown together. */
export function addMediaCommand(program: Command): void {
  const media = program.command('media').description('Videos of one event that belong to one recording')
  corpusCommand(media, 'list', 'List the videos of each recording with their offsets')
    .option('--recording <name>', 'only this recording')
    .action((options: MediaOptions) => list(options))
  corpusCommand(media, 'add <file>', 'Add a video or a folder of frames to a recording')
    .requiredOption('--recording <name>', 'the recording that it shows')
    .option(
      '--offset <ms>',
      'its own time when the recording is at 0, in milliseconds',
      wholeNumber(-DAY_MS, DAY_MS),
      0,
    )
    .action((file: string, options: MediaOptions & { recording: string; offset: number }) =>
      add(file, options),
    )
}

interface MediaOptions extends CommonOptions {
  recording?: string
}

async function list(options: MediaOptions): Promise<void> {
  await withCore(options, async ({ api }) => {
    const all = await api.recording.list()
    const wanted = options.recording
    const recordings = wanted === undefined ? all : [{ id: await idNamed(api, wanted), name: wanted }]
    const rows = await Promise.all(
      recordings.map(async ({ id, name }) =>
        (await api.media.ofRecording({ recordingId: id })).map(facts => ({ recording: name, ...facts })),
      ),
    )
    const media = rows.flat()
    if (options.json) return printJson({ media: media.map(each => shown(each.recording, each)) })
    printTable(
      media.map(({ recording, path, offsetMs, frames }) => [
        recording,
        path,
        `${offsetMs} ms`,
        `${frames} frames`,
      ]),
    )
    return undefined
  })
}

async function add(
  file: string,
  options: { recording: string; offset: number } & CommonOptions,
): Promise<void> {
  await withCore(options, async ({ api }) => {
    const recordingId = await idNamed(api, options.recording)
    const facts = await api.media.add({ recordingId, path: resolve(file), offsetMs: options.offset })
    if (options.json) return printJson(shown(options.recording, facts))
    process.stdout.write(`${facts.path}: ${facts.frames} frames in “${options.recording}”\n`)
    return undefined
  })
}

function shown(recording: string, { path, offsetMs, frames, durationMs, fps }: MediaFacts) {
  return { recording, path, offsetMs, frames, durationMs, fps }
}

async function idNamed(api: Api, name: string): Promise<RecordingId> {
  const found = (await api.recording.list()).find(recording => recording.name === name)
  if (!found)
    throw new AppError('not-found', `There is no recording “${name}”. \`signwright media list\` names them.`)
  return found.id
}
