import { dirname } from 'node:path'
import { ImportSource } from '#shared/contract/transfer.ts'
import { migrate } from '../../../db/migrate.ts'
import { openDatabase } from '../../../db/open.ts'
import { testContext } from '../../testing/corpus.ts'
import { createImportService } from '../import.service.ts'

/** Imports a folder into a corpus file and prints a line a media file, for a test that kills it. */
const [file = '', source = ''] = process.argv.slice(2)
const db = openDatabase(file, { create: true })
migrate(db)
await createImportService(testContext(db, dirname(file))).run(ImportSource.parse({ source }), {
  signal: new AbortController().signal,
  onProgress: done => process.stdout.write(`${done}\n`),
})
