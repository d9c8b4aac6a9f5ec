import { createHash } from 'node:crypto'
import type { ClipId } from '#shared/contract/ids.ts'
import type { ChatMessage } from './chat-client.ts'

/** A clip of the training split: its glosses, and what they mean. */
export interface PromptExample {
  clipId: ClipId
  name: string
  glosses: string
  text: string
}

export interface PromptTemplate {
  /** Said first; `{language}` is replaced. Empty: nothing is said. */
  system: string
  /** Said for each clip; `{glosses}` and `{language}` are replaced. */
  template: string
  /** Name of the language of the sentences, as the model shall read it. */
  language: string
}

/** Examples come as earlier turns, so that the model continues a pattern instead of explaining itself. */
export function messagesFor(
  { system, template, language }: PromptTemplate,
  examples: readonly Pick<PromptExample, 'glosses' | 'text'>[],
  glosses: string,
): ChatMessage[] {
  const fill = (text: string, of: string) =>
    text.replaceAll(/\{(glosses|language)\}/g, (_all, name: string) => (name === 'glosses' ? of : language))
  const question = (of: string): ChatMessage => ({ role: 'user', content: fill(template, of) })
  return [
    ...(system.trim() === '' ? [] : [{ role: 'system' as const, content: fill(system, '') }]),
    ...examples.flatMap(each => [question(each.glosses), { role: 'assistant' as const, content: each.text }]),
    question(glosses),
  ]
}

/** `count` of them in an order that the seed decides; one more is kept for clips that are examples themselves. */
export function chooseExamples(
  known: readonly PromptExample[],
  { count, seed }: { count: number; seed: number },
): PromptExample[] {
  if (count === 0) return []
  const keyOf = ({ name }: PromptExample) => createHash('sha256').update(`${seed}/${name}`).digest('hex')
  const keyed = known.map(example => ({ example, key: keyOf(example) }))
  return keyed
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count + 1)
    .map(({ example }) => example)
}

/** No clip is shown its own answer. */
export function examplesFor(
  chosen: readonly PromptExample[],
  { clipId, count }: { clipId: ClipId; count: number },
): PromptExample[] {
  return chosen.filter(example => example.clipId !== clipId).slice(0, count)
}

/** The sentence in an answer: thoughts that some models write down first are left out, lines become one. */
export function sentenceIn(answer: string): string {
  return answer
    .replace(/^\s*<think>[\s\S]*?<\/think>/, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
}
