import type { Upos } from '#shared/domain/pos.ts'
import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import type { Tagger } from './token.ts'

/** Of the tags of ICTCLAS, which jieba's dictionary has; by the whole tag, else by its first letter. */
const BY_TAG: Readonly<Record<string, Upos>> = {
  a: 'ADJ',
  ad: 'ADV',
  an: 'NOUN',
  b: 'ADJ',
  c: 'CCONJ',
  d: 'ADV',
  e: 'INTJ',
  eng: 'X',
  f: 'ADP',
  h: 'PART',
  i: 'VERB',
  j: 'NOUN',
  k: 'PART',
  l: 'NOUN',
  m: 'NUM',
  n: 'NOUN',
  ng: 'PART',
  nr: 'PROPN',
  nrt: 'PROPN',
  ns: 'PROPN',
  nt: 'PROPN',
  nz: 'PROPN',
  o: 'INTJ',
  p: 'ADP',
  q: 'NOUN',
  r: 'PRON',
  s: 'NOUN',
  t: 'NOUN',
  u: 'PART',
  ug: 'AUX',
  ul: 'AUX',
  uz: 'AUX',
  v: 'VERB',
  vd: 'ADV',
  vn: 'NOUN',
  y: 'PART',
  z: 'ADJ',
}

/** Function words that jieba's tags do not tell from others; lists of closed classes, as in UD Chinese. */
const BY_WORD: ReadonlyMap<string, Upos> = new Map<string, Upos>([
  ...words('AUX', '是 为 会 能 可 可以 能够 应 应该 应当 必须 须 将 要 得 被 了 着 过 可能'),
  ...words('DET', '这 那 该 各 每 某 本 此 其他 其它 另 另外 全 全部 所有 任何 这些 那些 各个 一些 部分'),
  ...words('ADP', '在 对 对于 从 由 以 于 与 向 把 被 给 按照 根据 关于 至 自 中 上 下 里 内 外 后 前 时 间'),
  ...words('SCONJ', '因为 因此 所以 虽然 但是 但 如果 而 则 由于 并且 并 然而 若 即使 不过 因 的话'),
  ...words('CCONJ', '和 及 以及 或 或者 与 跟 同 而且'),
  ...words('PART', '的 地 得 所 们 等 之 者 吗 呢 吧 啊 嘛 了 第 性 家 人 员'),
])

function words(pos: Upos, list: string): [string, Upos][] {
  return list.split(' ').map(word => [word, pos])
}

export interface ChineseWord {
  word: string
  pos: Upos
}

/** Words by jieba's dictionary of 350,000 and its model for what is not in it. */
export function createJieba(): (sentence: string) => ChineseWord[] {
  const jieba = Jieba.withDict(dict)
  return sentence =>
    jieba
      .tag(sentence, true)
      .filter(({ word }) => word.trim() !== '')
      .flatMap(({ word, tag }) => counted(word) ?? [{ word, pos: posOf(word, tag) }])
}

const CLASSIFIERS = '个件只条张位本名家所座辆台部间次遍种份些块片支杯瓶双对岁年月日号点分秒天'
const NUMBER_AND_CLASSIFIER = new RegExp(
  `^([一二两三四五六七八九十百千万几多]+|第[一二三四五六七八九十]+)([${CLASSIFIERS}])$`,
  'u',
)
const POINTER_AND_CLASSIFIER = /^([这那每某哪])([个种位次件条])$/u

/** jieba's dictionary has `一个` and `这个` as words; the treebanks have a number or pronoun and its classifier. */
function counted(word: string): ChineseWord[] | undefined {
  const number = NUMBER_AND_CLASSIFIER.exec(word)
  if (number?.[1] && number[2])
    return [
      { word: number[1], pos: 'NUM' },
      { word: number[2], pos: 'NOUN' },
    ]
  const pointer = POINTER_AND_CLASSIFIER.exec(word)
  if (!pointer?.[1] || !pointer[2]) return undefined
  return [
    { word: pointer[1], pos: 'DET' },
    { word: pointer[2], pos: 'NOUN' },
  ]
}

function posOf(word: string, tag: string): Upos {
  if (/^[\p{P}\p{S}]+$/u.test(word)) return 'PUNCT'
  if (/^[\p{Nd}.,%％]+$/u.test(word)) return 'NUM'
  const known = BY_WORD.get(word)
  if (known) return known
  if (tag === 'x') return /\p{Script=Han}/u.test(word) ? 'NOUN' : 'X'
  return BY_TAG[tag] ?? BY_TAG[tag.slice(0, 1)] ?? 'X'
}

export function createJiebaTagger(): Tagger {
  const cut = createJieba()
  return sentence =>
    cut(sentence).map(({ word, pos }) => ({ surface: word, lemma: word, pos, isUnsure: false }))
}
