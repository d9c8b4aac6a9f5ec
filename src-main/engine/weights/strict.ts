import { resolve } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { type LazyTensor, type TensorStore, corrupt, readFloat32 } from './tensor.ts'

/** Weights by name, wherever they come from. */
export interface NamedWeights {
  has: (name: string) => boolean
  /** Sizes of a weight; undefined where there is none of this name. */
  shapeOf: (name: string) => readonly number[] | undefined
  /** A size of -1 takes whatever the file has. */
  take: (name: string, shape: readonly number[]) => LazyTensor
}

/** The weights whose names begin with `prefix`, by the rest of their names. */
export function under(weights: NamedWeights, prefix: string): NamedWeights {
  return {
    has: name => weights.has(prefix + name),
    shapeOf: name => weights.shapeOf(prefix + name),
    take: (name, shape) => weights.take(prefix + name, shape),
  }
}

/** Each weight from the first of the sources that has it; one that none has is missing in the first. */
export function firstOf(first: NamedWeights, ...others: NamedWeights[]): NamedWeights {
  const holder = (name: string) => [first, ...others].find(weights => weights.has(name)) ?? first
  return {
    has: name => holder(name).has(name),
    shapeOf: name => holder(name).shapeOf(name),
    take: (name, shape) => holder(name).take(name, shape),
  }
}

/**
 * Hands out the tensors of a checkpoint and keeps count: after `finish` every key was
 * either used or ignored for a stated reason, and every wanted key was there.
 */
export class StrictWeights implements NamedWeights {
  readonly path: string
  readonly #store: TensorStore
  readonly #open: Set<string>

  constructor(store: TensorStore) {
    this.path = store.path
    this.#store = store
    this.#open = new Set(store.tensors.keys())
  }

  has(name: string): boolean {
    return this.#store.tensors.has(name)
  }

  shapeOf(name: string): readonly number[] | undefined {
    return this.#store.tensors.get(name)?.shape
  }

  /** A weight; a size of -1 takes whatever the file has. */
  take(name: string, shape: readonly number[]): LazyTensor {
    const tensor = this.#store.tensors.get(name)
    if (!tensor)
      throw corrupt(this.path, `lacks the tensor '${name}': it is another kind of model, or incomplete`)
    const fits =
      shape.length === tensor.shape.length &&
      shape.every((size, axis) => size === -1 || size === tensor.shape[axis])
    if (!fits)
      throw corrupt(
        this.path,
        `has '${name}' of shape [${tensor.shape.join(', ')}] where [${shape.map(size => (size === -1 ? 'any' : size)).join(', ')}] is needed`,
      )
    this.#open.delete(name)
    return { shape: tensor.shape, read: () => finite(this.path, name, readFloat32(tensor)) }
  }

  /** Names keys that the computation does not need; the reason is for the reader of the code. */
  ignore(pattern: RegExp, _reason: string): void {
    for (const name of this.#open) if (pattern.test(name)) this.#open.delete(name)
  }

  finish(): void {
    if (this.#open.size === 0) return
    const names = [...this.#open]
    const some = names.slice(0, 5).join(', ')
    throw new AppError(
      'corrupt-file',
      `${this.path} holds ${names.length} tensors that this kind of model does not have (${some}${names.length > 5 ? ', …' : ''}). It is another kind of model, or another version of it.`,
      { details: { file: resolve(this.path), unexpected: names.slice(0, 100) } },
    )
  }
}

/** NaN or infinity in a weight makes every output NaN: say where it is instead. */
function finite(path: string, name: string, values: Float32Array): Float32Array {
  for (let at = 0; at < values.length; at += 1) {
    if (Number.isFinite(values[at])) continue
    throw corrupt(
      path,
      `has ${values[at]} at position ${at} of '${name}': the training went wrong or the file is damaged`,
    )
  }
  return values
}
