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
  if (code === 'SQLITE_BUSY')
    return new AppError('locked', `Another program is using ${where}. Close it and try again.`, options)
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new AppError('not-found', `There is no ${where}. Check that its drive is connected.`, options)
  return error
}

/** As `asStorageError`, only for what SQLite itself says: other files' troubles are not about the database. */
export function asDatabaseError(error: unknown, where: string): unknown {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && code.startsWith('SQLITE_') ? asStorageError(error, where) : error
}
