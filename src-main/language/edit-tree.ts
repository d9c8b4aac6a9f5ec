/**
 * What turns one word form into another, without the letters that both share (Chrupała 2008): the longest common piece
 * stays, and what stands before and after it is turned by a tree of its own, or replaced.
 */
export type EditTree = Replace | Keep

interface Replace {
  /** Must be there; gives way to `by`. */
  text: string
  by: string
}

interface Keep {
  /** How many letters stand before and after the piece that stays. */
  before: number
  after: number
  left: EditTree | null
  right: EditTree | null
}

export function editTree(from: string, to: string): EditTree | null {
  if (from === '' && to === '') return null
  const common = longestCommon(from, to)
  if (common.length === 0) return { text: from, by: to }
  const fromEnd = common.from + common.length
  const toEnd = common.to + common.length
  return {
    before: common.from,
    after: from.length - fromEnd,
    left: editTree(from.slice(0, common.from), to.slice(0, common.to)),
    right: editTree(from.slice(fromEnd), to.slice(toEnd)),
  }
}

/** Undefined where the tree does not fit the word. */
export function applyTree(tree: EditTree | null, word: string): string | undefined {
  if (tree === null) return word === '' ? '' : undefined
  if ('text' in tree) return word === tree.text ? tree.by : undefined
  const { before, after } = tree
  if (before + after >= word.length) return undefined
  const left = applyTree(tree.left, word.slice(0, before))
  if (left === undefined) return undefined
  const right = applyTree(tree.right, word.slice(word.length - after))
  return right === undefined ? undefined : left + word.slice(before, word.length - after) + right
}

function longestCommon(a: string, b: string): { from: number; to: number; length: number } {
  const best = { from: 0, to: 0, length: 0 }
  let above = new Uint16Array(b.length + 1)
  for (let i = 1; i <= a.length; i++) {
    const row = new Uint16Array(b.length + 1)
    for (let j = 1; j <= b.length; j++) {
      if (a[i - 1] !== b[j - 1]) continue
      const length = (above[j - 1] ?? 0) + 1
      row[j] = length
      if (length > best.length) Object.assign(best, { from: i - length, to: j - length, length })
    }
    above = row
  }
  return best
}
