import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { ImportSource } from '#shared/contract/transfer.ts'
import { asStorageError } from '../../db/failures.ts'
import { announce } from '../context.ts'
import { findFact, setFact } from './corpus.queries.ts'
import { addDemoConsents, addGlossTier, findSpans } from './demo.queries.ts'
import { newCorpusDir } from './folder.ts'
import type { OpenCorpus } from './open-corpus.ts'

export const DEMO_NAME = 'Wetter-Demo'

const Signs = z.object({
  clips: z.record(
    z.string(),
    z.object({ signs: z.array(z.object({ gloss: z.string(), first: z.int(), last: z.int() })) }),
  ),
})

export interface DemoDeps {
  /** The folder `resources/demo` of the program. */
  demoDir: string
  importFolder: (source: ImportSource) => Promise<unknown>
}

/** Where the demo corpus is or will be. */
export function demoCorpusDir(dataDir: string, dir?: string): string {
  return newCorpusDir(dir ?? join(dataDir, 'demo'), DEMO_NAME)
}

/**
 * Puts the demo's clips, references and sign boundaries into an empty corpus. Interrupted and called again,
 * it goes on; on a finished demo it does nothing.
 */
export async function fillDemo(corpus: OpenCorpus, { demoDir, importFolder }: DemoDeps): Promise<void> {
  const { db } = corpus.context
  if (findFact(db, 'demo') === 'complete') return
  if (!existsSync(join(demoDir, 'references.csv')))
    throw new AppError('media-missing', `The demo clips are not at ${demoDir}. Install Signwright again.`, {
      details: { demoDir },
    })
  setFact(db, 'demo', 'unfinished')
  const media = join(corpus.paths.dir, 'media')
  try {
    cpSync(demoDir, media, { recursive: true })
  } catch (error) {
    throw asStorageError(error, media)
  }
  await importFolder(
    ImportSource.parse({
      source: media,
      format: 'folder',
      table: join(media, 'references.csv'),
      language: 'de',
      licence: 'CC0-1.0',
    }),
  )
  db.transaction(() => {
    addSigns(corpus, join(media, 'signs.json'))
    // Drawn signers are nobody: everything may be done with them.
    addDemoConsents(db)
    setFact(db, 'demo', 'complete')
  })()
  announce(corpus.context, 'corpus')
  announce(corpus.context, 'tier')
}

/** The tier "Gloss" of each recording: where each sign begins and ends. */
function addSigns({ context: { db } }: OpenCorpus, file: string): void {
  if (!existsSync(file)) return
  const { clips } = Signs.parse(JSON.parse(readFileSync(file, 'utf8')))
  for (const span of findSpans(db)) {
    const signs = clips[span.name]?.signs ?? []
    if (signs.length === 0) continue
    const frames = span.lastFrame - span.firstFrame + 1
    const timeOf = (frame: number) =>
      span.startMs + Math.round((frame * (span.endMs - span.startMs)) / frames)
    const annotations = signs.map(({ gloss, first, last }) => ({
      startMs: timeOf(first),
      endMs: timeOf(last + 1),
      value: gloss,
    }))
    addGlossTier(db, span.recordingId, annotations)
  }
}
