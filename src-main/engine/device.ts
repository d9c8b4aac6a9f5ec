import { InferenceSession, listSupportedBackends, Tensor } from 'onnxruntime-node'
import { GraphBuilder } from './graph/builder.ts'
import { encodeModel } from './graph/onnx-file.ts'
import type { DeviceName, DeviceReport } from './process/messages.ts'

/** Products in a row; enough that starting a run does not count. */
const PRODUCTS = 8
const PARITY_SIZE = 64
const SPEED_SIZES = [256, 1024] as const
/** A device that takes longer for the small size is too slow to be asked for the large one. */
const SLOW_MS = 100
/** Sums of products of this size differ by some 1e-6 between devices; TF32 and half precision by 1e-3. */
const TOLERANCE = 2e-3

/**
 * Whether a device computes, whether it computes what the CPU does, and how fast. Runs in the engine process:
 * a broken driver may take the process down, which the client reports as the result for this device.
 */
export async function testDevice(device: DeviceName): Promise<DeviceReport> {
  const missing = whyMissing(device)
  if (missing !== null) return { id: device, isAvailable: false, note: missing, gflops: null }
  try {
    await using session = await open(device)
    const difference = await worstDifference(session)
    if (!(difference <= TOLERANCE)) {
      const note = `Its self-test differs from the CPU by ${difference.toPrecision(2)}: it would give wrong features, so it is not used.`
      return { id: device, isAvailable: false, note, gflops: null }
    }
    const gflops = await measureSpeed(session)
    return {
      id: device,
      isAvailable: true,
      note: `Agrees with the CPU (difference ${difference.toPrecision(2)}).`,
      gflops,
    }
  } catch (error) {
    return { id: device, isAvailable: false, note: reasonOf(device, error), gflops: null }
  }
}

/** Where each device is, for machines that have none. */
const ELSEWHERE: Record<Exclude<DeviceName, 'cpu'>, string> = {
  cuda: 'CUDA is for NVIDIA cards, on Linux x64.',
  webgpu: 'This build of ONNX Runtime has no WebGPU.',
  dml: 'DirectML is part of Windows; on this system there is none.',
  coreml: 'Core ML is part of macOS; on this system there is none.',
}

/** ONNX Runtime's message as a sentence with what to do. */
function reasonOf(device: DeviceName, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/Failed to load shared library/.test(message))
    return 'Its libraries are not installed. On a machine with an NVIDIA card, install them with: cd node_modules/onnxruntime-node && node ./script/install.js'
  if (/No supported adapters|Failed to get a WebGPU adapter/i.test(message))
    return 'No graphics adapter was found that it can use. Install the driver of the graphics card (on Linux with Vulkan), then measure again.'
  if (/no available backend found/i.test(message) && device !== 'cpu') return ELSEWHERE[device]
  return message.replace(/^.*was false\.\s*/s, '').trim()
}

function whyMissing(device: DeviceName): string | null {
  const isKnown = listSupportedBackends().some(backend => backend.name === device)
  return isKnown || device === 'cpu' ? null : ELSEWHERE[device]
}

interface DisposableSession extends AsyncDisposable {
  run: (size: number, seed: number) => Promise<Float32Array>
}

async function open(device: DeviceName): Promise<DisposableSession> {
  const session = await InferenceSession.create(encodeModel(testGraph(), new Map()), {
    executionProviders: [device],
    logSeverityLevel: 3,
    interOpNumThreads: 1,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  })
  async function run(size: number, seed: number): Promise<Float32Array> {
    const x = new Tensor('float32', numbers(size * size, seed), [size, size])
    const w = new Tensor('float32', numbers(size * size, seed + 1), [size, size])
    const { y } = await session.run({ x, w })
    if (!(y?.data instanceof Float32Array)) throw new Error('The self-test gave no numbers')
    return y.data
  }
  return { run, [Symbol.asyncDispose]: () => session.release() }
}

/** Products with a normalisation between, so that numbers stay near 1 whatever the size. */
function testGraph(): GraphBuilder {
  const graph = new GraphBuilder('device-test')
  const w = graph.input('w', 'float32', ['n', 'n'])
  let value = graph.input('x', 'float32', ['n', 'n'])
  for (let product = 0; product < PRODUCTS; product++)
    value = graph.op('Tanh', [graph.op('MatMul', [value, w])])
  graph.output(value, 'y', 'float32', ['n', 'n'])
  return graph
}

async function worstDifference(session: DisposableSession): Promise<number> {
  await using cpu = await open('cpu')
  const [expected, found] = [await cpu.run(PARITY_SIZE, 1), await session.run(PARITY_SIZE, 1)]
  return expected.reduce(
    (worst, value, at) => Math.max(worst, Math.abs(value - (found[at] ?? Number.NaN))),
    0,
  )
}

async function measureSpeed(session: DisposableSession): Promise<number> {
  let gflops = 0
  for (const size of SPEED_SIZES) {
    await session.run(size, 2)
    const start = performance.now()
    await session.run(size, 3)
    const elapsed = performance.now() - start
    gflops = (2 * PRODUCTS * size ** 3) / elapsed / 1e6
    if (elapsed > SLOW_MS) break
  }
  return Math.round(gflops * 10) / 10
}

/** The same numbers everywhere, in ±1/√64: products of them neither vanish nor saturate. */
function numbers(count: number, seed: number): Float32Array {
  let state = seed * 2_654_435_761
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return (state / 2 ** 32 - 0.5) / 4
  })
}
