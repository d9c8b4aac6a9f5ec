/**
 * One step of T5's decoder for a set of beams: it gives back only the cache rows of its own tokens, and a beam that
 * dies or splits moves nothing.
 */
import { reshaped } from '../weights/tensor.ts'
import { type ExternalPlace, GraphBuilder, type Value } from './builder.ts'
import { Layers, type Storage } from './layers.ts'
import { perBeam, rankTokens, stepInputs, withPast } from './step-interface.ts'
import type { T5Config, T5Weights } from './t5-config.ts'
import { T5Layers } from './t5-layers.ts'

/**
 * ids int64 [b,1], rows int64 [b,p] (p = 0 at the start), top int64 [1], mask int64 [n,s]; past_k_I, past_v_I
 * [r,heads·d_kv] with r ≥ 1; cross_k_I, cross_v_I [n,heads,s,d_kv]; b is a multiple of n ->
 * top_lp, top_ids [b,top], logits [b,vocabulary], fresh_k_I, fresh_v_I [b,heads·d_kv],
 * attention [b,s]: cross-attention, mean over the heads of the upper half of the layers.
 */
export function buildT5Step(
  weights: T5Weights,
  config: T5Config,
  storage: Storage,
  embedding: ExternalPlace | undefined,
): GraphBuilder {
  const g = new GraphBuilder('step')
  const t5 = new T5Layers(new Layers(g, storage), weights, config)
  const { ids, rows, top, mask } = stepInputs(g)
  const caches = Array.from({ length: config.num_decoder_layers }, (_, index) =>
    cacheInputs(g, config, index),
  )
  const step = new DecoderStep(t5, {
    rows,
    batch: g.op('Shape', [mask], { start: 0, end: 1 }),
    selfBias: selfBias(t5, rows),
    crossBias: crossBias(t5, mask, ids),
  })
  const table = weights.take('shared', [config.vocab_size, config.d_model])
  let sum = t5.layers.embedding('shared', table, ids, embedding)
  let normed = t5.norm('decoder.block.0.layer.0.layer_norm', sum)
  for (const [index, cache] of caches.entries()) {
    const isLast = index + 1 === config.num_decoder_layers
    const nextNorm = isLast ? 'decoder.final_layer_norm' : `decoder.block.${index + 1}.layer.0.layer_norm`
    ;({ sum, normed } = step.layer(index, cache, sum, normed, nextNorm))
  }

  const logits = vocabularyLogits(t5, weights, normed)
  rankTokens(g, logits, top, config.vocab_size)
  g.output(step.attention(), 'attention', 'float32', ['b', 's'])
  return g
}

interface Cache {
  pastKey: Value
  pastValue: Value
  crossKey: Value
  crossValue: Value
}

function cacheInputs(g: GraphBuilder, config: T5Config, index: number): Cache {
  const past = (name: string) =>
    g.input(`past_${name}_${index}`, 'float32', ['r', config.num_heads * config.d_kv])
  const cross = (name: string) =>
    g.input(`cross_${name}_${index}`, 'float32', ['n', config.num_heads, 's', config.d_kv])
  return { pastKey: past('k'), pastValue: past('v'), crossKey: cross('k'), crossValue: cross('v') }
}

/** Bias [1, heads, 1, p + 1] of the new position p against 0 … p. */
function selfBias(t5: T5Layers, rows: Value): Value {
  const { g } = t5.layers
  const past = g.op('Shape', [rows], { start: 1, end: 2 })
  const keys = g.op('Range', [g.int(0), g.op('Add', [g.op('Squeeze', [past]), g.int(1)]), g.int(1)])
  return t5.relativeBias('decoder.block.0.layer.0.SelfAttention', past, keys, false)
}

/** Mask bias repeated for the beams of a sentence, which lie on the query axis: [n, 1, b / n, s]. */
function crossBias(t5: T5Layers, mask: Value, ids: Value): Value {
  const { g } = t5.layers
  const beamsPerSentence = g.op('Div', [
    g.op('Shape', [ids], { start: 0, end: 1 }),
    g.op('Shape', [mask], { start: 0, end: 1 }),
  ])
  const shape = g.op('Concat', [g.ints([1, 1]), beamsPerSentence, g.ints([1])], { axis: 0 })
  return g.op('Expand', [t5.maskBias(mask), shape])
}

interface DecoderInputs {
  /** [b, p] */
  rows: Value
  /** Number of sentences n, [1]. */
  batch: Value
  selfBias: Value
  crossBias: Value
}

class DecoderStep {
  readonly #t5: T5Layers
  readonly #inputs: DecoderInputs
  /** The lower layers read the source for the sentence as a whole, the upper ones for the next word. */
  readonly #firstShown: number
  readonly #shown: Value[] = []

  constructor(t5: T5Layers, inputs: DecoderInputs) {
    this.#t5 = t5
    this.#inputs = inputs
    this.#firstShown = Math.floor(t5.config.num_decoder_layers / 2)
  }

  layer(
    index: number,
    cache: Cache,
    sum: Value,
    normed: Value,
    nextNorm: string,
  ): { sum: Value; normed: Value } {
    const block = `decoder.block.${index}`
    const self = this.#selfAttention(index, cache, normed)
    const afterSelf = this.#t5.addAndNorm(`${block}.layer.1.layer_norm`, self, sum)
    const cross = this.#crossAttention(index, cache, afterSelf.normed)
    const afterCross = this.#t5.addAndNorm(`${block}.layer.2.layer_norm`, cross, afterSelf.sum)
    const wide = this.#t5.feedForward(`${block}.layer.2.DenseReluDense`, afterCross.normed)
    return this.#t5.addAndNorm(nextNorm, wide, afterCross.sum)
  }

  #selfAttention(index: number, cache: Cache, x: Value): Value {
    const t5 = this.#t5
    const { g } = t5.layers
    const { num_heads: heads, d_kv: width } = t5.config
    const attention = `decoder.block.${index}.layer.0.SelfAttention`
    const extended = (part: 'k' | 'v', past: Value) => {
      const fresh = t5.intoHeads(`${attention}.${part}`, x)
      return withPast(
        g,
        { part, layer: index, width: heads * width },
        { past, rows: this.#inputs.rows, fresh },
      )
    }
    const query = t5.intoHeads(`${attention}.q`, x)
    const [key, value] = [extended('k', cache.pastKey), extended('v', cache.pastValue)]
    const mixed = t5.attention({ query, key, value, bias: this.#inputs.selfBias })
    return t5.outOfHeads(`${attention}.o`, mixed)
  }

  /** The beams of a sentence are queries of one batch entry: its keys and values are never repeated. */
  #crossAttention(index: number, cache: Cache, x: Value): Value {
    const t5 = this.#t5
    const { g } = t5.layers
    const { num_heads: heads, d_kv: width } = t5.config
    const attention = `decoder.block.${index}.layer.1.EncDecAttention`
    const query = t5.intoHeads(`${attention}.q`, x)
    const folded = g.op('Reshape', [
      query,
      g.op('Concat', [this.#inputs.batch, g.ints([-1, heads * width])], { axis: 0 }),
    ])
    const spec = {
      query: folded,
      key: cache.crossKey,
      value: cache.crossValue,
      areSplit: true,
      bias: this.#inputs.crossBias,
    }
    const mixed = index < this.#firstShown ? t5.attention(spec) : this.#shownAttention(spec)
    const unfolded = g.op('Reshape', [mixed, g.ints([-1, 1, heads * width])])
    return t5.outOfHeads(`${attention}.o`, unfolded)
  }

  #shownAttention(spec: Parameters<T5Layers['openAttention']>[0]): Value {
    const { mixed, weights } = this.#t5.openAttention(spec)
    this.#shown.push(weights)
    return mixed
  }

  /** [b, s] from what the layers have collected as [n, heads, b / n, s]. */
  attention(): Value {
    const { g } = this.#t5.layers
    const [first, ...others] = this.#shown
    if (first === undefined) throw new Error('A decoder without layers')
    const sum = others.reduce((total, weights) => g.op('Add', [total, weights]), first)
    const mean = g.op('ReduceMean', [sum, g.ints([1])], { keepdims: 0 })
    const perLayer = g.op('Mul', [mean, g.float(1 / this.#shown.length)])
    return perBeam(g, perLayer)
  }
}

/** [b,1,d] -> [b,vocabulary]; a tied table is scaled by d^-0.5, an own head is not. */
function vocabularyLogits(t5: T5Layers, weights: T5Weights, normed: Value): Value {
  const { g } = t5.layers
  const { d_model: width, vocab_size: vocabulary, tie_word_embeddings: isTied } = t5.config
  const rows = g.op('Reshape', [normed, g.ints([-1, width])])
  const scaled = isTied ? g.op('Mul', [rows, g.float(width ** -0.5)]) : rows
  const head = weights.take(isTied ? 'shared' : 'lm_head', [vocabulary, width])
  return t5.layers.linear('lm_head', scaled, reshaped(head, [vocabulary, width]))
}

/** ids int64 [n,s] -> embeds [n,s,d]; the table of the prompt's words, shared with the step graph. */
export function buildT5Embedding(weights: T5Weights, config: T5Config, storage: Storage): GraphBuilder {
  const g = new GraphBuilder('embed')
  const layers = new Layers(g, storage)
  const ids = g.input('ids', 'int64', ['n', 's'])
  const table = weights.take('shared', [config.vocab_size, config.d_model])
  g.output(layers.embedding('shared', table, ids), 'embeds', 'float32', ['n', 's', config.d_model])
  return g
}
