/** The seeded model in each layout that weights are published in; for tests. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeSafetensors } from './safetensors-writer.ts'
import { type SeededModel, type Tensors, writeSeededModel } from './seeded-model.ts'
import { TorchStorage, TorchTensor, type TorchValue, writeTorchCheckpoint } from './torch-writer.ts'

export const SOURCE_FORMATS = [
  'safetensors',
  'safetensors in shards',
  'PyTorch',
  'PyTorch in shards',
] as const
export type SourceFormat = (typeof SOURCE_FORMATS)[number]

/** The towers in this format; the checkpoint always as Lightning writes it. */
export function writeSeededSources(dir: string, format: SourceFormat): SeededModel {
  const model = writeSeededModel(dir)
  for (const [folder, tensors] of [
    [model.clipDir, model.clip],
    [model.videomaeDir, model.videomae],
  ] as const) {
    if (format === 'safetensors') continue
    rmSync(join(folder, 'model.safetensors'))
    writeAs(folder, format, tensors)
  }
  rmSync(model.checkpoint)
  const checkpoint = join(dir, 'spamo.ckpt')
  writeTorchCheckpoint(
    checkpoint,
    new Map<string, TorchValue>([
      ['epoch', 95],
      ['global_step', 42624],
      ['pytorch-lightning_version', '1.9.5'],
      ['state_dict', torchTensors(model.spamo)],
      ['optimizer_states', []],
    ]),
  )
  writeFileSync(join(dir, 'spamo.config.json'), JSON.stringify(model.config))
  return { ...model, checkpoint }
}

export function torchTensors(tensors: Tensors): Map<string, TorchValue> {
  return new Map(
    Object.entries(tensors).map(([name, { shape, data }]) => {
      const bytes = () => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      return [name, new TorchTensor(new TorchStorage('float32', data.length, bytes), shape)]
    }),
  )
}

function writeAs(folder: string, format: SourceFormat, tensors: Tensors): void {
  const isTorch = format.startsWith('PyTorch')
  const write = (path: string, part: Tensors) =>
    isTorch ? writeTorchCheckpoint(path, torchTensors(part)) : writeSafetensors(path, part)
  const [stem, end] = isTorch ? ['pytorch_model', 'bin'] : ['model', 'safetensors']
  if (!format.endsWith('shards')) {
    write(join(folder, `${stem}.${end}`), tensors)
    return
  }
  const names = Object.keys(tensors)
  const shards = [names.filter((_, at) => at % 2 === 0), names.filter((_, at) => at % 2 === 1)]
  const weightMap: Record<string, string> = {}
  for (const [index, part] of shards.entries()) {
    const file = `${stem}-0000${index + 1}-of-00002.${end}`
    write(
      join(folder, file),
      Object.fromEntries(Object.entries(tensors).filter(([name]) => part.includes(name))),
    )
    for (const name of part) weightMap[name] = file
  }
  writeFileSync(
    join(folder, `${stem}.${end}.index.json`),
    JSON.stringify({ metadata: {}, weight_map: weightMap }),
  )
}
