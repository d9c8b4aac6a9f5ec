/** Opens a corpus and jumps from one end of its undo list to the other until killed; says so before each jump. */
import { writeSync } from 'node:fs'
import type { CorpusChange } from '#shared/contract/corpus.ts'
import { openCorpus } from '../corpus/open-corpus.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createEmitter } from '../emitter.ts'
import { silentLog } from './corpus.ts'

const corpus = await openCorpus(process.argv[2] ?? '', {
  log: silentLog,
  now: () => Date.now(),
  author: () => 'child',
  changes: createEmitter<CorpusChange>(),
})
const editing = createEditing(corpus.context)
const [last] = editing.history({ limit: 1 })
for (;;) {
  writeSync(1, 'jump\n')
  await editing.jumpTo(editing.state().undo ? null : (last?.id ?? null))
}
