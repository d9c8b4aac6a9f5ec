import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { exactFrame } from '../../core/media/derive.ts'
import { type MediaProbe, probeMedia } from '../../core/media/probe.ts'
import { ANNOTATION_EXTENSIONS, convertAnnotations } from '../../formats/convert.ts'
import { writeAtomically } from '../../formats/atomic-file.ts'
import { printJson } from './output.ts'
import { type CommonOptions, withCore } from './session.ts'

/** Commands on plain files: no corpus needed. */
export function addFileCommands(program: Command): void {
  program
    .command('probe <file>')
    .description('Facts of a video or of a folder of frames')
    .option('--json', 'print the result as JSON')
    .action(probe)

  program
    .command('frame')
    .description('Write exactly the N-th shown frame, counted from 0')
    .argument('<file>', 'video or folder of frames')
    .argument('<n>', 'number of the frame', frameNumber)
    .requiredOption('--out <image.png>', 'image to write')
    .option('--json', 'print errors as JSON')
    .action(async (file: string, n: number, { out }: { out: string }) => {
      const picture = await exactFrame(resolve(file), n)
      await writeAtomically(resolve(out), temporary => writeFile(temporary, picture))
    })

  program
    .command('convert <in> <out>')
    .description(
      `Convert annotations by file extension (${ANNOTATION_EXTENSIONS.join(', ')}) and tell what is lost`,
    )
    .option('--yes', 'replace OUT if it is there')
    .option('--json', 'print losses and defects as JSON')
    .action(convert)

  program
    .command('doctor')
    .description('Check what this machine has: ffmpeg, devices, models')
    .option('--measure', 'measure every model on every device; takes a minute for large models')
    .option('--json', 'print the result as JSON')
    .action(doctor)
}

function frameNumber(text: string): number {
  const n = Number(text)
  if (Number.isInteger(n) && n >= 0) return n
  throw new InvalidArgumentError('Frames are counted from 0.')
}

/** The keys that scripts rely on. */
function factsOf(facts: MediaProbe) {
  const {
    frames,
    durationMs,
    fps,
    variableFrameRate,
    firstPtsMs,
    width,
    height,
    displayWidth,
    displayHeight,
  } = facts
  const { rotation, videoCodec, audioCodec, problem } = facts
  const size = { width, height, displayWidth, displayHeight, rotation }
  return { frames, durationMs, fps, variableFrameRate, firstPtsMs, ...size, videoCodec, audioCodec, problem }
}

async function probe(file: string, options: CommonOptions): Promise<void> {
  const facts = factsOf(await probeMedia(resolve(file)))
  if (options.json) return printJson(facts)
  for (const [key, value] of Object.entries(facts))
    process.stdout.write(`${key.padEnd(18)} ${value ?? '–'}\n`)
}

/** A broken file may have a defect in each line: people see the first ones, scripts all of them. */
const SHOWN_DEFECTS = 20

async function convert(
  input: string,
  output: string,
  options: CommonOptions & { yes?: boolean },
): Promise<void> {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const { losses, defects } = await convertAnnotations(resolve(input), resolve(output), {
    overwrite: options.yes === true,
    onLosses: found => found.forEach(({ sentence }) => say(`Lost: ${sentence}`)),
  })
  for (const { line, message, repair } of defects.slice(0, SHOWN_DEFECTS))
    say(`${input}${line ? `, line ${line}` : ''}: ${message} ${repair}`)
  if (defects.length > SHOWN_DEFECTS)
    say(`… and ${defects.length - SHOWN_DEFECTS} more defects; --json lists all.`)
  if (options.json) printJson({ in: resolve(input), out: resolve(output), losses, defects })
}

async function doctor(options: CommonOptions & { measure?: boolean }): Promise<void> {
  await withCore(options, async ({ api }) => {
    const [info, devices, models] = [await api.app.info(), await api.app.devices(), await api.model.list()]
    const speeds = []
    for (const { id, problem } of models) {
      if (problem !== null) continue
      const known = await api.model.speeds({ modelId: id })
      const measured = options.measure ? await api.model.measure({ modelId: id }) : known
      speeds.push({ model: String(id), measured })
    }
    if (options.json)
      return printJson({
        ...info,
        speeds,
        node: process.version,
        devices,
        models: models.map(({ id, problem }) => ({ id, problem })),
      })
    const lines = [
      `Signwright ${info.version} on ${info.platform}, Node ${process.version}`,
      `ffmpeg      ${info.ffmpeg.problem ?? `${info.ffmpeg.version} (${info.ffmpeg.path})`}`,
      ...devices.map(
        ({ id, isAvailable, note }) => `${id.padEnd(11)} ${isAvailable ? 'yes' : 'no'}  ${note}`,
      ),
      ...speeds.flatMap(({ model, measured }) =>
        measured.map(
          ({ device, framesPerSecond, cosine, problem }) =>
            `speed       ${model} on ${device}: ${problem ?? `${framesPerSecond?.toFixed(1)} frames/s, cosine to the CPU ${cosine?.toFixed(6)}`}`,
        ),
      ),
      ...models.map(({ id, name, problem }) => `model       ${id}: ${problem ?? name}`),
      `data        ${info.dataDir}`,
    ]
    process.stdout.write(`${lines.join('\n')}\n`)
    return undefined
  })
}
