import type { Upos } from '#shared/domain/pos.ts'
import { applyTree, editTree, type EditTree } from './edit-tree.ts'

export interface LemmaExample {
  form: string
  pos: Upos
  lemma: string
}

/** Plain, so that it can be stored as JSON. */
export interface LemmaModel {
  trees: readonly (EditTree | null)[]
  /** `POS form` → lemma, for the forms that the trees would get wrong. */
  forms: Readonly<Record<string, string>>
  /** `POS ending` → numbers of trees, the most frequent first; `^` before a whole word. */
  endings: Readonly<Record<string, readonly number[]>>
}

const LONGEST_ENDING = 7
/** Trees beyond these are hardly ever the first that fits. */
const MOST_TREES = 3

function endingsOf(form: string): string[] {
  const whole = `^${form}`
  const longest = Math.min(LONGEST_ENDING, whole.length)
  return Array.from({ length: longest + 1 }, (_, at) => whole.slice(whole.length - (longest - at)))
}

/** From the longest ending that was seen to the empty one. */
export function createLemmatiser({ trees, forms, endings }: LemmaModel): (form: string, pos: Upos) => string {
  const known = new Map(Object.entries(forms))
  const byEnding = new Map(Object.entries(endings))

  function find(form: string, pos: Upos): string {
    const lemma = known.get(`${pos} ${form}`)
    if (lemma !== undefined) return lemma
    for (const ending of endingsOf(form))
      for (const number of byEnding.get(`${pos} ${ending}`) ?? []) {
        const turned = applyTree(trees[number] ?? null, form)
        if (turned !== undefined && turned !== '') return turned
      }
    return form
  }
  return find
}

export function trainLemmatiser(examples: Iterable<LemmaExample>): LemmaModel {
  const lemmas = lemmasOfForms(examples)
  const trees: (EditTree | null)[] = []
  const numbers = new Map<string, number>()
  const votes = new Map<string, Map<number, number>>()
  for (const [key, lemma] of lemmas) {
    const [pos = '', form = ''] = key.split(' ', 2)
    const tree = editTree(form, lemma)
    const name = JSON.stringify(tree)
    const number = numbers.get(name) ?? trees.push(tree) - 1
    numbers.set(name, number)
    for (const ending of endingsOf(form)) {
      const place = `${pos} ${ending}`
      const counts = votes.get(place) ?? new Map<number, number>()
      counts.set(number, (counts.get(number) ?? 0) + 1)
      votes.set(place, counts)
    }
  }
  const endings = Object.fromEntries(
    [...votes].map(([place, counts]) => [
      place,
      [...counts]
        .sort(([a, x], [b, y]) => y - x || a - b)
        .slice(0, MOST_TREES)
        .map(([number]) => number),
    ]),
  )
  return withExceptions({ trees, endings: withoutRepeats(endings), forms: {} }, lemmas)
}

/** The lemma that each form has most often, by part of speech. */
function lemmasOfForms(examples: Iterable<LemmaExample>): Map<string, string> {
  const counts = new Map<string, Map<string, number>>()
  for (const { form, pos, lemma } of examples) {
    if (form === '' || form.includes(' ')) continue
    const key = `${pos} ${form}`
    const found = counts.get(key) ?? new Map<string, number>()
    found.set(lemma, (found.get(lemma) ?? 0) + 1)
    counts.set(key, found)
  }
  const best = (found: Map<string, number>) =>
    [...found].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]?.[0]
  return new Map([...counts].map(([key, found]) => [key, best(found) ?? '']))
}

/** An ending that says what its own shorter ending says need not be kept. */
function withoutRepeats(endings: Record<string, number[]>): Record<string, number[]> {
  return Object.fromEntries(
    Object.entries(endings).filter(([place, list]) => {
      const at = place.indexOf(' ') + 1
      if (at === place.length) return true
      return JSON.stringify(endings[place.slice(0, at) + place.slice(at + 1)]) !== JSON.stringify(list)
    }),
  )
}

function withExceptions(model: LemmaModel, lemmas: ReadonlyMap<string, string>): LemmaModel {
  const lemmatise = createLemmatiser(model)
  const forms = [...lemmas].filter(([key, lemma]) => {
    const [pos = '', form = ''] = key.split(' ', 2)
    return lemmatise(form, pos as Upos) !== lemma
  })
  return { ...model, forms: Object.fromEntries(forms) }
}
