import type {
  AnnotationExport,
  AnnotationExportPreview,
  AnnotationFilePreview,
  AnnotationImport,
} from '#shared/contract/annotation-file.ts'
import type { CorpusContext } from '../context.ts'
import { exportFile, type ExportedFile, previewExport } from './export-file.ts'
import { importFile, type ImportedFile } from './import-file.ts'
import { previewOf } from './preview.ts'
import { rememberingReader, type WantedFormat } from './read-file.ts'

/** What takes seconds on large files, and so runs on a thread of its own. */
export interface FileActs {
  preview: (input: { file: string; format: WantedFormat }) => Promise<AnnotationFilePreview>
  importFile: (
    input: { file: string; options: AnnotationImport },
    signal: AbortSignal,
  ) => Promise<ImportedFile>
  previewExport: (request: AnnotationExport) => Promise<AnnotationExportPreview>
  exportFile: (request: AnnotationExport) => Promise<ExportedFile>
}

/** The acts on the thread that calls. */
export function fileActs(context: CorpusContext): FileActs {
  const reader = rememberingReader()
  return {
    preview: async ({ file, format }) =>
      previewOf(context.db, await reader(file, format, { acceptRepairs: false })),
    importFile: (input, signal) => importFile(context, input, { reader, signal }),
    previewExport: request => previewExport(context, request),
    exportFile: request => exportFile(context, request),
  }
}
