import { AppError } from '#shared/contract/errors.ts'

const REMEDY = 'Restore an earlier copy, or mend this place in a text editor.'

export interface XmlPlace {
  file: string
  /** Counted from 1. */
  line: number
  column: number
}

export function xmlError(
  { file, line, column }: XmlPlace,
  reason: string,
  code: 'corrupt-file' | 'unsafe-file',
): AppError {
  return new AppError(code, `${file}, line ${line}, column ${column}: ${reason}. ${REMEDY}`, {
    details: { file, line, column, reason },
  })
}

export const longAttribute = (name: string) => `the attribute ${name} is longer than 64 MB`
