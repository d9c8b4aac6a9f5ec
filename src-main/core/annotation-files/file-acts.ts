import type {
  AnnotationExport,
  AnnotationExportPreview,
  AnnotationFileCheck,
  AnnotationFilePreview,
  AnnotationImport,
} from '#shared/contract/annotation-file.ts'
import type { CorpusContext } from '../context.ts'
import { exportFile, type ExportedFile, previewExport } from './export-file.ts'
import { importFile, type ImportedFile } from './import-file.ts'
import { checkOf, previewOf } from './preview.ts'
import { rememberingOpener, type WantedFormat } from './read-file.ts'

interface OneFile {
  file: string
  format: WantedFormat
}

/** What takes seconds on large files, and so runs on a thread of its own. */
export interface FileActs {
  preview: (input: OneFile) => Promise<AnnotationFilePreview>
  check: (input: OneFile) => Promise<AnnotationFileCheck>
  importFile: (
    input: { file: string; options: AnnotationImport },
    signal: AbortSignal,
  ) => Promise<ImportedFile>
  previewExport: (request: AnnotationExport) => Promise<AnnotationExportPreview>
  exportFile: (request: AnnotationExport) => Promise<ExportedFile>
}

/** The acts on the thread that calls. */
export function fileActs(context: CorpusContext): FileActs {
  const open = rememberingOpener()
  return {
    preview: async ({ file, format }) => previewOf(context.db, await open(file, format)),
    check: async ({ file, format }) => checkOf(await open(file, format)),
    importFile: (input, signal) => importFile(context, input, { open, signal }),
    previewExport: request => previewExport(context, request),
    exportFile: request => exportFile(context, request),
  }
}
