import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import type { COLUMN_ROLES, IMPORT_FORMATS, ImportPreview, ImportSource } from '#shared/contract/transfer.ts'
import { useApi } from '../../api/client.ts'
import { useTableImport } from './use-table-import.ts'

export type ImportFormat = (typeof IMPORT_FORMATS)[number]
export type Role = (typeof COLUMN_ROLES)[number]

export interface ImportForm {
  source: string
  format: ImportFormat
  table: string
  /** Empty: as the core guesses. */
  columns: Role[]
  encoding: '' | TextEncoding
  split: string
  language: string
  licence: string
}

const BLANK: ImportForm = {
  source: '',
  format: 'auto',
  table: '',
  columns: [],
  encoding: '',
  split: '',
  language: '',
  licence: '',
}

/** What the form says, without what it leaves open. */
export function importSource(form: ImportForm): ImportSource {
  const { source, format, licence, columns, table, encoding } = form
  const split = form.split.trim()
  const language = form.language.trim()
  return {
    source: source.trim(),
    format,
    licence: licence.trim(),
    ...(table && { table }),
    ...(columns.length > 0 && { columns: [...columns] }),
    ...(encoding && { encoding }),
    ...(split && { split }),
    ...(language && { language }),
  }
}

/** The state of an import of clips. */
export function useImport() {
  const { importing } = useApi()
  return useTableImport<Role, ImportForm, ImportPreview>({
    blank: BLANK,
    forgotten: patch => ({
      ...(['source', 'table', 'format', 'encoding'].some(key => key in patch) && { columns: [] }),
      ...('source' in patch && { table: '' }),
    }),
    preview: (form, signal) => importing.preview(importSource(form), { signal }),
    start: form => importing.start(importSource(form)),
    importable: ({ counts }) => counts.new + counts.changed,
  })
}
