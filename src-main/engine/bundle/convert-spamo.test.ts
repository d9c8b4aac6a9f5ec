import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { temporaryFolder } from '../testing/golden.ts'
import { SOURCE_FORMATS, torchTensors, writeSeededSources } from '../testing/source-formats.ts'
import { TorchCall, type TorchValue, writeTorchCheckpoint } from '../testing/torch-writer.ts'
import { convertFromFolders } from './convert-folders.ts'
import type { BundleManifest, PrecisionChoice, SpamoManifest } from './manifest.ts'
import { assertSound, openBundle } from './open-bundle.ts'
import { workFolderOf } from './work-folder.ts'

const child = join(import.meta.dirname, '..', 'testing', 'convert-until-killed.ts')

function setup(format: (typeof SOURCE_FORMATS)[number] = 'safetensors') {
  const folder = temporaryFolder()
  mkdirSync(join(folder.path, 'sources'))
  const model = writeSeededSources(join(folder.path, 'sources'), format)
  const outDir = join(folder.path, 'out', 'model')
  const convert = (
    options: Parameters<typeof convertFromFolders>[1] = {},
    precision: PrecisionChoice = 'auto',
  ) =>
    convertFromFolders(
      { sources: [join(folder.path, 'sources')], outDir, precision },
      options,
    ) as Promise<SpamoManifest>
  return { folder, model, outDir, convert, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

const filesOf = (manifest: BundleManifest) =>
  manifest.files.map(({ path, sha256 }) => `${path} ${sha256}`).sort()

async function refusal(promise: Promise<unknown>): Promise<{ code: string; message: string; file: unknown }> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError)
    return { code: error.code, message: error.message, file: error.details['file'] }
  throw new Error(`not refused as expected: ${String(error)}`)
}

test('every layout that weights are published in gives the same bundle', async () => {
  const bundles: string[][] = []
  for (const format of SOURCE_FORMATS) {
    using place = setup(format)
    const manifest = await place.convert()
    expect(manifest.provenance.checkpoint).toEqual({ epoch: 95, globalStep: 42624 })
    expect(manifest.provenance.sources.length).toBe(format.endsWith('shards') ? 7 : 3)
    await assertSound(openBundle(place.outDir))
    bundles.push(filesOf(manifest))
  }
  expect(bundles.slice(1)).toEqual([bundles[0], bundles[0], bundles[0]])
})

test('a conversion that is cancelled shows no bundle, and goes on to the same one', async () => {
  using place = setup()
  const whole = await place.convert()
  rmSync(place.outDir, { recursive: true })
  const abort = new AbortController()
  const cancelled = place.convert({
    signal: abort.signal,
    onProgress: ({ done, total }) => done > 0.8 * total && abort.abort(),
  })
  await expect(cancelled).rejects.toThrow('aborted')
  expect(readdirSync(join(place.outDir, '..'))).toEqual(['.model.converting'])
  expect(filesOf(await place.convert())).toEqual(filesOf(whole))
  expect(readdirSync(join(place.outDir, '..'))).toEqual(['model'])
})

test('a conversion that is killed at any moment goes on with what is sound, to the same bundle', async () => {
  using place = setup()
  const whole = await place.convert()
  rmSync(place.outDir, { recursive: true })
  for (const share of [0.3, 0.6, 0.9]) {
    await killAt(share, place.folder.path, place.outDir)
    expect(existsSync(place.outDir)).toBe(false)
  }
  // What a power cut leaves behind: a tensor whose bytes never reached the disk.
  const data = join(workFolderOf(place.outDir), 'bundle', 'spatial.onnx.data')
  const bytes = readFileSync(data)
  writeFileSync(data, bytes.fill(0, bytes.length >> 1))
  expect(filesOf(await place.convert())).toEqual(filesOf(whole))
  await assertSound(openBundle(place.outDir))
})

/** Kills it as soon as this share is done. */
async function killAt(share: number, dir: string, outDir: string): Promise<void> {
  const working = spawn(process.execPath, [child, dir, outDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  const gone = new Promise(resolve => working.once('exit', resolve))
  working.stdout.setEncoding('utf8')
  working.stdout.on('data', (text: string) => {
    const [done = 0, total = 1] = (text.trim().split('\n').at(-1) ?? '').split('/').map(Number)
    if (done / total >= share) working.kill('SIGKILL')
  })
  await gone
  expect(working.signalCode).toBe('SIGKILL')
}

test('other settings start anew instead of mixing two conversions', async () => {
  using place = setup()
  const abort = new AbortController()
  const stop = ({ stage }: { stage: string }) => stage === 'writing' && abort.abort()
  await expect(place.convert({ signal: abort.signal, onProgress: stop }, 'int8')).rejects.toThrow('aborted')
  const manifest = await place.convert({}, 'fp32')
  expect([manifest.spatial.storage, manifest.motion.storage, manifest.t5.storage]).toEqual([
    'fp32',
    'fp32',
    'fp32',
  ])
  await assertSound(openBundle(place.outDir))
})

test('a checkpoint that names anything but tensors is refused by that name', async () => {
  using place = setup()
  writeTorchCheckpoint(
    place.model.checkpoint,
    new Map<string, TorchValue>([
      ['state_dict', torchTensors(place.model.spamo)],
      ['callbacks', new TorchCall('shutil', 'rmtree')],
    ]),
  )
  const error = await refusal(place.convert())
  expect([error.code, error.file]).toEqual(['unsafe-file', place.model.checkpoint])
  expect(error.message).toContain('shutil.rmtree')
  expect(existsSync(join(place.outDir, '..'))).toBe(false)
})

test('a missing and a surplus tensor are named, with their file', async () => {
  using place = setup()
  const { 'fusion_proj.2.bias': bias, ...others } = place.model.spamo
  if (!bias) throw new Error('no bias')
  const write = (tensors: typeof others) =>
    writeTorchCheckpoint(place.model.checkpoint, new Map([['state_dict', torchTensors(tensors)]]))
  write(others)
  const missing = await refusal(place.convert())
  write({ ...others, 'fusion_proj.2.bias': bias, 'head.extra': bias })
  const surplus = await refusal(place.convert())
  expect([missing.code, missing.file, surplus.code, surplus.file]).toEqual([
    'corrupt-file',
    place.model.checkpoint,
    'corrupt-file',
    place.model.checkpoint,
  ])
  expect(missing.message).toContain("lacks the tensor 'fusion_proj.2.bias'")
  expect(surplus.message).toContain('head.extra')
})

test('a shard that holds a tensor the index does not list is refused', async () => {
  using place = setup('PyTorch in shards')
  const index = join(place.model.clipDir, 'pytorch_model.bin.index.json')
  const json = JSON.parse(readFileSync(index, 'utf8')) as { weight_map: Record<string, string> }
  delete json.weight_map['logit_scale']
  writeFileSync(index, JSON.stringify(json))
  const error = await refusal(place.convert())
  expect([error.code, error.file]).toEqual(['corrupt-file', index])
  expect(error.message).toContain("'logit_scale'")
})

test('a folder that grows at the same moment elsewhere is left alone', async () => {
  using place = setup()
  const work = workFolderOf(place.outDir)
  mkdirSync(work, { recursive: true })
  writeFileSync(join(work, 'lock'), String(process.ppid))
  const error = await refusal(place.convert())
  expect([error.code, existsSync(join(work, 'lock'))]).toEqual(['locked', true])
})

/** Whether this machine lets us make a small disk in memory. */
function canMountDisks(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  using folder = temporaryFolder()
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder.path]).status === 0
  if (isMounted) spawnSync('umount', [folder.path])
  return isMounted
}

test.skipIf(!canMountDisks())(
  'a full disk is told beforehand, and midway what was done is kept',
  async () => {
    using place = setup()
    const disk = join(place.folder.path, 'disk')
    mkdirSync(disk)
    const mount = (size: string) => spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'none', disk])
    const sources = [join(place.folder.path, 'sources')]
    const outDir = join(disk, 'model')
    try {
      mount('1m')
      const before = await refusal(convertFromFolders({ sources, outDir, precision: 'fp32' }))
      expect([before.code, before.message]).toEqual([
        'disk-full',
        expect.stringMatching(/needs 0\.017 GB and .*disk has 0\.001 GB free/),
      ])
      spawnSync('mount', ['-o', 'remount,size=20m', disk])
      const filler = join(disk, 'filler')
      const full = await refusal(
        convertFromFolders(
          { sources, outDir, precision: 'fp32' },
          { onProgress: () => existsSync(filler) || fill(filler) },
        ),
      )
      expect([full.code, existsSync(outDir)]).toEqual(['disk-full', false])
      rmSync(filler)
      await convertFromFolders({ sources, outDir, precision: 'fp32' })
      await assertSound(openBundle(outDir))
    } finally {
      spawnSync('umount', [disk])
    }
  },
)

/** Takes all that is left of the disk. */
function fill(path: string): void {
  spawnSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=4k'], { stdio: 'ignore' })
}
