import { asStorageError } from '../../db/failures.ts'
import type { CorpusContext } from '../context.ts'

/** One transaction, whose failures are told as what they mean for the corpus. */
export function stored<T>({ db, dir }: Pick<CorpusContext, 'db' | 'dir'>, work: () => T): T {
  try {
    return db.transaction(work).immediate()
  } catch (error) {
    throw asStorageError(error, dir)
  }
}
