import type { SeededRandom } from '#shared/domain/seeded-random.ts'

/** How a text was made worse: half of it is of another clip, or all of it. */
export type Damage = 'degraded' | 'swapped'

/** Words, or signs where a script has no spaces between words. */
function unitsOf(text: string): { units: string[]; joint: string } {
  const words = text.split(/\s+/).filter(word => word !== '')
  const isUnspaced = words.length < 3 && [...text].length > 6
  return isUnspaced ? { units: [...text], joint: '' } : { units: words, joint: ' ' }
}

/**
 * A text that every attentive rater finds worse than the true one. Null where none can be made: the text is empty,
 * or no other clip says anything else.
 */
export function damaged(
  text: string,
  others: readonly string[],
  random: SeededRandom,
): { text: string; damage: Damage } | null {
  const foreign = others.filter(other => other.trim() !== '' && other !== text)
  if (text.trim() === '' || foreign.length === 0) return null
  const other = foreign[random.below(foreign.length)]!
  if (random.below(2) === 0) return { text: other, damage: 'swapped' }
  const { units, joint } = unitsOf(text)
  const strange = unitsOf(other).units
  const length = Math.max(1, Math.round(units.length / 2))
  const from = random.below(units.length - length + 1)
  const replaced = units.map((unit, at) =>
    at >= from && at < from + length ? strange[(at - from) % strange.length]! : unit,
  )
  const made = replaced.join(joint)
  return made === text ? { text: other, damage: 'swapped' } : { text: made, damage: 'degraded' }
}
