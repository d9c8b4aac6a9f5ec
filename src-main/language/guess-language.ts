import type { GlossLanguage } from '#shared/contract/pseudo-gloss.ts'

const GERMAN = /(?:^|\s)(?:der|die|das|und|ist|ein|eine|nicht|mit|für|im|am|den|auf)(?=\s|$)/giu
const ENGLISH = /(?:^|\s)(?:the|and|is|a|an|of|to|in|it|you|that|this|with|are)(?=\s|$)/giu

/** By script, else by the commonest words; German where nothing speaks for another. */
export function guessLanguage(texts: readonly string[]): GlossLanguage {
  const text = texts.join('\n')
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  if (count(/\p{Script=Han}/gu) > count(/\p{Script=Latin}/gu) / 2) return 'zh'
  return count(ENGLISH) > count(GERMAN) ? 'en' : 'de'
}
