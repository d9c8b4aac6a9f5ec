/**
 * A reader of Python pickles (protocols 0 to 5) that builds plain data only.
 * A class or function is met by name; `resolve` says which names are known, any other
 * name is refused, and nothing from the file is ever executed.
 * Opcodes: CPython's Lib/pickletools.py.
 */
import { AppError } from '#shared/contract/errors.ts'
import { PickleCursor } from './pickle-cursor.ts'
import { damagedPickle } from './damaged.ts'

const STOP = 0x2e

/** What a known Python callable does with its arguments. */
export interface PickleGlobal {
  name: string
  call: (args: readonly unknown[]) => unknown
}

export interface PickleHost {
  /** The file, for messages. */
  where: string
  resolve: (module: string, name: string) => PickleGlobal | undefined
  persistentLoad?: (id: unknown) => unknown
  /** Receives the state of BUILD; default: only dictionaries may have one, and it is dropped. */
  build?: (instance: unknown, state: unknown) => void
}

/** Python tuples; lists are arrays, dictionaries are Maps. */
export class PickleTuple {
  readonly items: readonly unknown[]
  constructor(items: readonly unknown[]) {
    this.items = items
  }
}

export function unpickle(bytes: Uint8Array, host: PickleHost): unknown {
  return new Unpickler(bytes, host).run()
}

class Unpickler {
  readonly #cursor: PickleCursor
  readonly #host: PickleHost
  #stack: unknown[] = []
  readonly #marks: unknown[][] = []
  readonly #memo = new Map<number, unknown>()

  constructor(bytes: Uint8Array, host: PickleHost) {
    this.#cursor = new PickleCursor(bytes, host.where)
    this.#host = host
  }

  run(): unknown {
    for (;;) {
      const opcode = this.#cursor.byte()
      if (opcode === STOP) return this.#pop()
      if (this.#cursor.skipHeaders(opcode)) continue
      const value = this.#cursor.scalar(opcode)
      if (value !== undefined) this.#stack.push(value.scalar)
      else if (!this.#structure(opcode) && !this.#memory(opcode) && !this.#object(opcode))
        throw this.#unknown(opcode)
    }
  }

  /** Tuples, lists, dictionaries, sets. */
  #structure(opcode: number): boolean {
    switch (opcode) {
      case 0x28: // MARK
        this.#marks.push(this.#stack)
        this.#stack = []
        return true
      case 0x5d: // EMPTY_LIST
        return this.#push([])
      case 0x7d: // EMPTY_DICT
        return this.#push(new Map())
      case 0x8f: // EMPTY_SET
        return this.#push(new Set())
      case 0x29: // EMPTY_TUPLE
        return this.#push(new PickleTuple([]))
      case 0x85: // TUPLE1
      case 0x86: // TUPLE2
      case 0x87: // TUPLE3
        return this.#push(new PickleTuple(this.#popMany(opcode - 0x84)))
      case 0x74: // TUPLE
        return this.#push(new PickleTuple(this.#popMark()))
      case 0x6c: // LIST
        return this.#push(this.#popMark())
      case 0x64: {
        // DICT
        const items = this.#popMark()
        this.#push(new Map())
        return this.#setItems(items)
      }
      case 0x61: // APPEND
        return this.#append([this.#pop()])
      case 0x65: // APPENDS
        return this.#append(this.#popMark())
      case 0x73: // SETITEM
        return this.#setItems(this.#popMany(2))
      case 0x75: // SETITEMS
        return this.#setItems(this.#popMark())
      case 0x90: // ADDITEMS
        return this.#addItems(this.#popMark())
      default:
        return false
    }
  }

  /** The memo and the stack itself. */
  #memory(opcode: number): boolean {
    switch (opcode) {
      case 0x68: // BINGET
        return this.#recall(this.#cursor.byte())
      case 0x6a: // LONG_BINGET
        return this.#recall(this.#cursor.uint32())
      case 0x67: // GET
        return this.#recall(Number(this.#cursor.line()))
      case 0x70: // PUT
        return this.#remember(Number(this.#cursor.line()))
      case 0x71: // BINPUT
        return this.#remember(this.#cursor.byte())
      case 0x72: // LONG_BINPUT
        return this.#remember(this.#cursor.uint32())
      case 0x94: // MEMOIZE
        return this.#remember(this.#memo.size)
      case 0x30: // POP
        this.#pop()
        return true
      case 0x32: // DUP
        return this.#push(this.#top())
      case 0x31: // POP_MARK
        this.#popMark()
        return true
      default:
        return false
    }
  }

  /** Names and what is done with them. */
  #object(opcode: number): boolean {
    switch (opcode) {
      case 0x63: // GLOBAL
        return this.#push(this.#global(this.#cursor.line(), this.#cursor.line()))
      case 0x93: {
        // STACK_GLOBAL
        const [module, name] = this.#popMany(2)
        return this.#push(this.#global(String(module), String(name)))
      }
      case 0x52: // REDUCE
      case 0x81: {
        // NEWOBJ
        const [callable, args] = this.#popMany(2)
        return this.#push(this.#call(callable, args))
      }
      case 0x62: {
        // BUILD
        const [state] = this.#popMany(1)
        this.#build(this.#top(), state)
        return true
      }
      case 0x51: // BINPERSID
        if (!this.#host.persistentLoad) throw this.#damaged('refers to data outside itself')
        return this.#push(this.#host.persistentLoad(this.#pop()))
      default:
        return false
    }
  }

  #global(module: string, name: string): PickleGlobal {
    const known = this.#host.resolve(module, name)
    if (known) return known
    throw new AppError(
      'unsafe-file',
      `${this.#host.where} asks for the Python object ${module}.${name}, which is not plain data. Nothing was executed; do not use this file.`,
      { details: { file: this.#host.where, module, name } },
    )
  }

  #call(callable: unknown, args: unknown): unknown {
    if (!isGlobal(callable) || !(args instanceof PickleTuple))
      throw this.#damaged('calls something that is no function')
    return callable.call(args.items)
  }

  #build(instance: unknown, state: unknown): void {
    if (this.#host.build) this.#host.build(instance, state)
    else if (!(instance instanceof Map)) throw this.#damaged('sets the state of an object that has none')
  }

  #append(items: readonly unknown[]): boolean {
    const list = this.#top()
    if (!Array.isArray(list)) throw this.#damaged('appends to something that is no list')
    for (const item of items) list.push(item)
    return true
  }

  #setItems(items: readonly unknown[]): boolean {
    const map = this.#top()
    if (!(map instanceof Map) || items.length % 2 !== 0)
      throw this.#damaged('sets items of something that is no dictionary')
    for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1])
    return true
  }

  #addItems(items: readonly unknown[]): boolean {
    const set = this.#top()
    if (!(set instanceof Set)) throw this.#damaged('adds items to something that is no set')
    for (const item of items) set.add(item)
    return true
  }

  #push(value: unknown): true {
    this.#stack.push(value)
    return true
  }

  #top(): unknown {
    if (this.#stack.length === 0) throw this.#damaged('takes a value from an empty stack')
    return this.#stack.at(-1)
  }

  #pop(): unknown {
    const value = this.#top()
    this.#stack.pop()
    return value
  }

  #popMany(count: number): unknown[] {
    if (this.#stack.length < count) throw this.#damaged('takes a value from an empty stack')
    return this.#stack.splice(-count)
  }

  #popMark(): unknown[] {
    const below = this.#marks.pop()
    if (!below) throw this.#damaged('closes a group that was not opened')
    const items = this.#stack
    this.#stack = below
    return items
  }

  #recall(slot: number): boolean {
    if (!this.#memo.has(slot)) throw this.#damaged(`refers to value ${slot} that it has not defined`)
    return this.#push(this.#memo.get(slot))
  }

  #remember(slot: number): boolean {
    this.#memo.set(slot, this.#top())
    return true
  }

  #unknown(opcode: number): AppError {
    return this.#damaged(
      `uses the pickle instruction 0x${opcode.toString(16).padStart(2, '0')}, which plain data does not need`,
    )
  }

  #damaged(what: string): AppError {
    return damagedPickle(this.#host.where, `${what} (byte ${this.#cursor.position})`)
  }
}

function isGlobal(value: unknown): value is PickleGlobal {
  return typeof value === 'object' && value !== null && 'call' in value && typeof value.call === 'function'
}
