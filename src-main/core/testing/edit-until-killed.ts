/** Opens a corpus and edits it until killed; says each edit on stdout once it is acknowledged. */
import { writeSync } from 'node:fs'
import type { ClipId } from '#shared/contract/ids.ts'
import type { CorpusChange } from '#shared/contract/corpus.ts'
import { openCorpus } from '../corpus/open-corpus.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createEmitter } from '../emitter.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { silentLog } from './corpus.ts'

const corpus = await openCorpus(process.argv[2] ?? '', {
  log: silentLog,
  now: () => Date.now(),
  author: () => 'child',
  changes: createEmitter<CorpusChange>(),
})
const editing = createEditing(corpus.context)
const references = createReferenceService(corpus.context, { editing })
const clipId = 1 as ClipId
for (let n = 0; ; n++) {
  const saved = references.save({ clipId, text: `${process.pid} sentence ${n}` })
  writeSync(1, `${saved.id}\t${saved.text}\n`)
  if (n % 5 === 4) {
    editing.undo()
    editing.redo()
  }
  // Lets the backup in the background take its turns.
  if (n % 3 === 0) await new Promise(resolve => setImmediate(resolve))
}
