import { basename } from 'node:path'
import type { TaggerTraining } from '#shared/contract/pseudo-gloss.ts'
import { AppError } from '#shared/contract/errors.ts'
import { sha256OfFile } from '../../formats/sha256.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { JobControl, JobOutcome } from '../job/handler.ts'
import type { LanguageTools } from './language-tools.ts'

export interface TrainDeps {
  language: Pick<LanguageTools, 'train' | 'packs'>
}

export async function runTraining(
  context: CorpusContext,
  { language }: TrainDeps,
  wish: TaggerTraining,
  control: JobControl,
): Promise<JobOutcome> {
  const files = []
  for (const file of wish.files) files.push(await fileFacts(file, control.signal))
  const result = await language.train(wish, { signal: control.signal, onProgress: control.progress })
  const provider = language.packs.save(wish, files, result)
  const { pos, lemma, setF1, sentences, wordsPerSecond } = result.accuracy
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`
  control.log(
    'info',
    `Learnt from ${result.sentences} sentences, ${result.words} words. On ${sentences} held-out sentences: parts of speech ${percent(pos)}, lemmas ${percent(lemma)}, set-F1 of pseudo-glosses ${percent(setF1)}; ${Math.round(wordsPerSecond)} words a second.`,
  )
  announce(context, 'pseudo-gloss')
  return { output: provider.id }
}

async function fileFacts(
  file: string,
  signal: AbortSignal,
): Promise<{ name: string; sha256: string; bytes: number }> {
  try {
    return { name: basename(file), ...(await sha256OfFile(file, { signal })) }
  } catch (error) {
    signal.throwIfAborted()
    throw new AppError('not-found', `${file} cannot be read. Check its name and rights.`, {
      cause: error,
      details: { file },
    })
  }
}
