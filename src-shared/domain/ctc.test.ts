import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alignSequence, bestPath, collapsePath, type CtcLattice, greedySequence, prefixBeam } from './ctc.ts'

/** Every path of a tiny lattice with its probability: the definition itself. */
function* allPaths({ steps }: CtcLattice): Generator<{ path: number[]; probability: number }> {
  const counts = steps.map(step => step.length)
  const all = counts.reduce((product, count) => product * count, 1)
  for (let which = 0; which < all; which += 1) {
    let rest = which
    let probability = 1
    const path = steps.map((step, at) => {
      const [label = -1, log = -Infinity] = step[rest % (counts[at] ?? 1)] ?? []
      rest = Math.floor(rest / (counts[at] ?? 1))
      probability *= Math.exp(log)
      return label
    })
    yield { path, probability }
  }
}

/** Probability of each sequence, and its likeliest path. */
function byDefinition(lattice: CtcLattice) {
  const sums = new Map<string, { probability: number; best: { path: number[]; probability: number } }>()
  for (const each of allPaths(lattice)) {
    const key = collapsePath(each.path, lattice.blank).join(' ')
    const known = sums.get(key)
    sums.set(key, {
      probability: (known?.probability ?? 0) + each.probability,
      best: known && known.best.probability >= each.probability ? known.best : each,
    })
  }
  return sums
}

const lattices = fc
  .record({
    labels: fc.integer({ min: 2, max: 4 }),
    blank: fc.integer({ min: 0, max: 1 }),
    steps: fc.array(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 4, maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    }),
  })
  .map(({ labels, blank, steps }): CtcLattice => ({
    blank,
    steps: steps.map(weights => {
      const some = weights.slice(0, labels)
      const sum = some.reduce((all, weight) => all + weight, 0)
      return some.map((weight, label) => [label, Math.log(weight / sum)] as const)
    }),
  }))

test('repetitions become one and blanks go, so that a blank separates what is signed twice', () => {
  const [blank, h, e, l, o] = [0, 1, 2, 3, 4]
  expect(collapsePath([h, h, h, e, e, l, l, blank, l, l, o], blank)).toEqual([h, e, l, l, o])
  expect(collapsePath([blank, blank], blank)).toEqual([])
})

test('prefix beam search with room for all prefixes gives every sequence the sum of its paths', () => {
  fc.assert(
    fc.property(lattices, lattice => {
      const expected = byDefinition(lattice)
      const found = prefixBeam(lattice, Infinity)
      expect(found).toHaveLength(expected.size)
      for (const { labels, logProbability } of found)
        expect(Math.exp(logProbability)).toBeCloseTo(expected.get(labels.join(' '))?.probability ?? NaN, 9)
      const likeliest = Math.max(...[...expected.values()].map(({ probability }) => probability))
      expect(Math.exp(found[0]?.logProbability ?? NaN)).toBeCloseTo(likeliest, 9)
    }),
  )
})

test('the alignment of a sequence is its likeliest path', () => {
  fc.assert(
    fc.property(lattices, lattice => {
      for (const [key, { best }] of byDefinition(lattice)) {
        const labels = key === '' ? [] : key.split(' ').map(Number)
        const aligned = alignSequence(lattice, labels)
        expect(aligned?.map(({ label }) => label)).toEqual(labels)
        const path = lattice.steps.map(
          (_, step) =>
            aligned?.find(({ firstStep, lastStep }) => step >= firstStep && step <= lastStep)?.label ??
            lattice.blank,
        )
        const probability = path.reduce(
          (product, label, step) => product * Math.exp(new Map(lattice.steps[step]).get(label) ?? -Infinity),
          1,
        )
        expect(probability).toBeCloseTo(best.probability, 9)
        expect(collapsePath(path, lattice.blank)).toEqual(labels)
      }
    }),
  )
})

test('the best path and the likeliest sequence may differ', () => {
  const step = (blank: number) =>
    [
      [0, Math.log(blank)],
      [1, Math.log(1 - blank)],
    ] as const
  const lattice = { blank: 0, steps: [step(0.6), step(0.6)] }
  expect(bestPath(lattice)).toEqual([0, 0])
  expect(greedySequence(lattice)).toEqual([])
  const [first] = prefixBeam(lattice, 10)
  expect(first?.labels).toEqual([1])
  expect(Math.exp(first?.logProbability ?? NaN)).toBeCloseTo(0.64, 12)
})

test('a sequence that no path gives has no alignment', () => {
  const only = { blank: 0, steps: [[[1, 0]], [[1, 0]]] } as const satisfies CtcLattice
  expect(alignSequence(only, [1])).toEqual([{ label: 1, firstStep: 0, lastStep: 1, probability: 1 }])
  expect(alignSequence(only, [1, 1])).toBeNull()
  expect(alignSequence(only, [2])).toBeNull()
  expect(prefixBeam({ blank: 0, steps: [] }, 5)).toEqual([{ labels: [], logProbability: 0 }])
})
