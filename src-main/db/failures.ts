import { AppError } from '#shared/contract/errors.ts'

/** Gives what SQLite and the file system say about the disk a sentence with a remedy; anything else stays as it is. */
export function asStorageError(error: unknown, where: string): unknown {
  if (error instanceof AppError) return error
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code !== 'string') return error
  const options = { cause: error, details: { file: where } }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
    return new AppError(
      'disk-full',
      `The disk that holds ${where} is full. Nothing was changed; free some space and try again.`,
      options,
    )
  if (code.startsWith('SQLITE_READONLY') || code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new AppError(
      'invalid-input',
      `${where} cannot be written. Check its permissions, or choose another folder.`,
      options,
    )
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new AppError(
      'corrupt-file',
      `${where} is damaged. Close the corpus and restore one of its backups.`,
      options,
    )
  if (code === 'ENAMETOOLONG')
    return new AppError(
      'invalid-input',
      `The name of ${where} is too long for this disk. Choose a shorter one.`,
      options,
    )
  if (code === 'SQLITE_BUSY')
    return new AppError('locked', `Another program is using ${where}. Close it and try again.`, options)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('not-found', `There is no ${where}. Check that its drive is connected.`, options)
  return error
}

/**
 * The last net under a request or a job, which may concern any file: what SQLite says is about the database at
 * `corpus`, what the system says is about the file that it names. Everything else stays a bug.
 */
export function asExpected(error: unknown, corpus: string): unknown {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return asStorageError(error, corpus)
  return asFileError(error)
}

/** What the system says about a file that no place closer to it has put into words. */
export function asFileError(error: unknown): unknown {
  const { code, path, syscall } = (error ?? {}) as Partial<NodeJS.ErrnoException>
  if (error instanceof AppError || !code || !path || !syscall || syscall.startsWith('spawn')) return error
  const options = { cause: error, details: { file: path } }
  if (code === 'EACCES' || code === 'EPERM')
    return new AppError(
      'not-permitted',
      `The system does not give access to ${path}. Check its permissions.`,
      options,
    )
  const known = asStorageError(error, path)
  if (known instanceof AppError) return known
  return new AppError(
    'invalid-input',
    `The system reports ${code} for ${path}. Check the disk or the share that holds it, then try again.`,
    options,
  )
}
