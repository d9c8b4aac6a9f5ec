/** CoNLL-U, the treebank format of Universal Dependencies: https://universaldependencies.org/format.html */
import { AppError } from '#shared/contract/errors.ts'
import { isUpos, type Upos } from '#shared/domain/pos.ts'

export interface ConlluWord {
  form: string
  lemma: string
  upos: Upos
}

export interface ConlluSentence {
  /** The first line of the sentence in its file, from 1. */
  line: number
  /** `# text = …`, else the words put together as their `SpaceAfter` says. */
  text: string
  /** Contractions whose parts are not pieces of the written word (`zum` = `zu` + `dem`) are one word. */
  words: ConlluWord[]
}

interface OpenSentence {
  line: number
  text: string | null
  words: (ConlluWord & { isSpaceAfter: boolean })[]
  /** Of a contraction: its written form and how many of the words that follow are its parts. */
  contraction: { form: string; isSpaceAfter: boolean; parts: number; from: number } | null
}

/** @throws AppError corrupt-file naming the line */
export function* readConllu(content: string, file: string): Generator<ConlluSentence> {
  let open: OpenSentence | null = null
  let line = 0
  for (const row of linesOf(content)) {
    line += 1
    if (row === '') {
      if (open && open.words.length > 0) yield closed(open)
      open = null
      continue
    }
    open ??= { line, text: null, words: [], contraction: null }
    if (row.startsWith('#')) readComment(row, open)
    else readWord(row, open, `${file}, line ${line}`)
  }
  if (open && open.words.length > 0) yield closed(open)
}

function* linesOf(content: string): Generator<string> {
  let from = content.startsWith('\uFEFF') ? 1 : 0
  while (from < content.length) {
    const end = content.indexOf('\n', from)
    const to = end === -1 ? content.length : end
    yield content.slice(from, content[to - 1] === '\r' ? to - 1 : to)
    from = to + 1
  }
}

function readComment(row: string, open: OpenSentence): void {
  const text = /^#\s*text\s*=\s?(.*)$/.exec(row)?.[1]
  if (text !== undefined && open.words.length === 0) open.text = text.trim()
}

function readWord(row: string, open: OpenSentence, place: string): void {
  const [id = '', form, lemma, upos, , , , , , misc = ''] = row.split('\t')
  if (form === undefined || lemma === undefined || upos === undefined)
    throw damaged(place, 'has no columns with tabs between them', 'Is it a CoNLL-U file?')
  const isSpaceAfter = !misc.includes('SpaceAfter=No')
  const range = /^(\d+)-(\d+)$/.exec(id)
  if (range) {
    const parts = Number(range[2]) - Number(range[1]) + 1
    if (parts < 1 || parts > 20) throw damaged(place, `has the range ${id}`, 'Ranges go upwards.')
    open.contraction = { form, isSpaceAfter, parts, from: open.words.length }
    return
  }
  // Empty nodes (`8.1`) stand for words that nobody wrote.
  if (/^\d+\.\d+$/.test(id)) return
  if (!/^\d+$/.test(id))
    throw damaged(place, `begins with '${id.slice(0, 40)}'`, 'Words are numbered from 1.')
  if (!isUpos(upos))
    throw damaged(
      place,
      `has the part of speech '${upos.slice(0, 40)}'`,
      'Give a file with universal parts of speech in its fourth column.',
    )
  // An underscore is no value, except as the lemma of an underscore.
  const known = lemma === '_' && form !== '_' ? form : lemma
  open.words.push({ form, lemma: closestLemma(known, form), upos, isSpaceAfter })
  if (open.contraction && open.words.length === open.contraction.from + open.contraction.parts) join(open)
}

/** Some treebanks leave open which lemma it is (`er|es|sie`): the one that is most like the word. */
function closestLemma(lemma: string, form: string): string {
  if (lemma.length < 3 || !lemma.includes('|')) return lemma
  const word = form.toLowerCase()
  const likeness = (each: string) => {
    const other = each.toLowerCase()
    let same = 0
    while (same < word.length && word[same] === other[same]) same += 1
    return same * 100 - Math.abs(other.length - word.length)
  }
  const all = lemma.split('|').filter(each => each !== '')
  return all.reduce((best, each) => (likeness(each) > likeness(best) ? each : best), all[0] ?? lemma)
}

function join(open: OpenSentence): void {
  const { form, from, isSpaceAfter } = open.contraction ?? { form: '', from: 0, isSpaceAfter: true }
  open.contraction = null
  const parts = open.words.slice(from)
  const first = parts[0]
  const last = parts.at(-1)
  if (!first || !last) return
  const arePieces = parts.map(part => part.form).join('') === form
  if (arePieces) for (const part of parts) part.isSpaceAfter = part === last && isSpaceAfter
  else open.words.splice(from, parts.length, { form, lemma: form, upos: first.upos, isSpaceAfter })
}

function closed({ line, text, words }: OpenSentence): ConlluSentence {
  const written = () =>
    words
      .map(({ form, isSpaceAfter }) => (isSpaceAfter ? `${form} ` : form))
      .join('')
      .trimEnd()
  return {
    line,
    text: text ?? written(),
    words: words.map(({ form, lemma, upos }) => ({ form, lemma, upos })),
  }
}

function damaged(place: string, what: string, remedy: string): AppError {
  return new AppError('corrupt-file', `${place} ${what}. ${remedy}`, { details: { file: place } })
}
