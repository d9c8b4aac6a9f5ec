/** One step of the adapted XGLM for a set of beams; the cache lies in rows, as in the step of T5. */
import { computed } from '../weights/tensor.ts'
import { type AttentionSpec, attention, openAttention } from './attention.ts'
import { GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage } from './layers.ts'
import { perBeam, rankTokens, stepInputs, withPast } from './step-interface.ts'
import { POSITION_OFFSET, type Projection, type XglmWeights } from './xglm.ts'

const MASKED = -1e30

/**
 * ids int64 [b,1], rows int64 [b,p] (p = 0 at the start), top int64 [1], mask int64 [n,s]; past_k_I, past_v_I [r,d] with
 * r ≥ 1; cross_k_I, cross_v_I [n,heads,s,d/heads]; b is a multiple of n ->
 * top_lp, top_ids [b,top], logits [b,vocabulary], fresh_k_I, fresh_v_I [b,d],
 * attention [b,s]: cross-attention weighted by the gates over all layers and heads, Σ gate · P / Σ gate.
 */
export function buildXglmStep(weights: XglmWeights, storage: Storage): GraphBuilder {
  const g = new GraphBuilder('step')
  const layers = new Layers(g, storage)
  const { width, vocabulary, isScaled, positions, epsilon } = weights.sizes
  const { ids, rows, top, mask } = stepInputs(g)
  const step = new Step(layers, weights, { rows, mask, ids })
  const table = layers.tied('tokens', weights.tokens())
  const embedded = table.rows(ids)
  const place = g.op('Add', [g.op('Shape', [rows], { start: 1, end: 2 }), g.ints([POSITION_OFFSET])])
  const places = layers.fixed('positions', weights.positions())
  if (positions <= POSITION_OFFSET) throw new Error('A position table without places')
  const scaled = isScaled ? g.op('Mul', [embedded, g.float(Math.sqrt(width))]) : embedded
  let x = g.op('Add', [scaled, g.op('Gather', [places, place])])
  for (let index = 0; index < weights.sizes.layers; index += 1) x = step.layer(index, x)
  const norm = weights.norm('layer_norm')
  const normed = layers.layerNorm('layer_norm', x, norm.weight, norm.bias, epsilon)
  const logits = table.scores(g.op('Reshape', [normed, g.ints([-1, width])]))
  rankTokens(g, logits, top, vocabulary)
  g.output(step.attention(), 'attention', 'float32', ['b', 's'])
  return g
}

class Step {
  readonly #layers: Layers
  readonly #weights: XglmWeights
  readonly #rows: Value
  readonly #sentences: Value
  readonly #crossBias: Value
  /** Σ over the heads of gate · attention of each layer, [n, b / n, s]. */
  readonly #shown: Value[] = []

  constructor(layers: Layers, weights: XglmWeights, inputs: { rows: Value; mask: Value; ids: Value }) {
    this.#layers = layers
    this.#weights = weights
    this.#rows = inputs.rows
    const { g } = layers
    this.#sentences = g.op('Shape', [inputs.mask], { start: 0, end: 1 })
    const isHidden = g.op('Cast', [g.op('Sub', [g.int(1), inputs.mask])], { to: 1 })
    this.#crossBias = g.op('Unsqueeze', [g.op('Mul', [isHidden, g.float(MASKED)]), g.ints([1, 2])])
  }

  layer(index: number, x: Value): Value {
    const { g } = this.#layers
    const name = `layer${index}`
    const h = this.#norm(`layers.${index}.self_attn_layer_norm`, x)
    const mixed = g.op('Add', [this.#selfAttention(index, h), this.#crossAttention(index, h)])
    const afterAttention = g.op('Add', [
      x,
      this.#linear(`${name}.output`, mixed, this.#weights.output(index)),
    ])
    const { wide, narrow } = this.#weights.feedForward(index)
    const normed = this.#norm(`layers.${index}.final_layer_norm`, afterAttention)
    const active = g.op('Gelu', [this.#linear(`${name}.fc1`, normed, wide)])
    return g.op('Add', [afterAttention, this.#linear(`${name}.fc2`, active, narrow)])
  }

  #selfAttention(index: number, h: Value): Value {
    const { g } = this.#layers
    const { width, heads } = this.#weights.sizes
    const project = (part: 'q' | 'k' | 'v') =>
      this.#linear(`layer${index}.text.${part}`, h, this.#weights.projection(index, part, 'text'))
    const extended = (part: 'k' | 'v') => {
      const past = g.input(`past_${part}_${index}`, 'float32', ['r', width])
      return withPast(g, { part, layer: index, width }, { past, rows: this.#rows, fresh: project(part) })
    }
    const [key, value] = [extended('k'), extended('v')]
    return attention(g, { query: project('q'), key, value, heads, width: width / heads })
  }

  /** The beams of a sentence are queries of one batch entry: its keys and values are never repeated. */
  #crossAttention(index: number, h: Value): Value {
    const { g } = this.#layers
    const { width, heads } = this.#weights.sizes
    const cross = (part: 'k' | 'v') =>
      g.input(`cross_${part}_${index}`, 'float32', ['n', heads, 's', width / heads])
    const query = this.#linear(`layer${index}.sight.q`, h, this.#weights.projection(index, 'q', 'sight'))
    const shape = g.op('Concat', [this.#sentences, g.ints([-1, width])], { axis: 0 })
    const spec: AttentionSpec = {
      query: g.op('Reshape', [query, shape]),
      key: cross('k'),
      value: cross('v'),
      areSplit: true,
      bias: this.#crossBias,
      heads,
      width: width / heads,
    }
    const { mixed, weights } = openAttention(g, spec)
    this.#show(index, weights)
    return g.op('Reshape', [mixed, g.ints([-1, 1, width])])
  }

  #show(index: number, weights: Value): void {
    const { g } = this.#layers
    const { heads } = this.#weights.sizes
    const gates = this.#weights.gates(index)
    const perHead = computed([heads, 1, 1], () => gates.read())
    const gated = g.op('Mul', [weights, this.#layers.vector(`layer${index}.gates`, perHead)])
    this.#shown.push(g.op('ReduceSum', [gated, g.ints([1])], { keepdims: 0 }))
  }

  /** [b, s]; zeros where every gate is shut. */
  attention(): Value {
    const { g } = this.#layers
    const [first, ...others] = this.#shown
    if (first === undefined) throw new Error('A decoder without layers')
    const sum = others.reduce((total, layer) => g.op('Add', [total, layer]), first)
    const perGate = g.op('Mul', [sum, this.#layers.vector('gates.share', this.#shareOfGates())])
    return perBeam(g, perGate)
  }

  /** 1 / Σ gate. */
  #shareOfGates() {
    const all = Array.from({ length: this.#weights.sizes.layers }, (_, index) => this.#weights.gates(index))
    return computed([1], () => {
      const sum = all.reduce((total, gates) => gates.read().reduce((part, gate) => part + gate, total), 0)
      return Float32Array.of(sum === 0 ? 0 : 1 / sum)
    })
  }

  #norm(name: string, x: Value): Value {
    const { weight, bias } = this.#weights.norm(name)
    return this.#layers.layerNorm(name, x, weight, bias, this.#weights.sizes.epsilon)
  }

  #linear(name: string, x: Value, { weight, bias }: Projection): Value {
    return this.#layers.linear(name, x, weight, bias)
  }
}
