import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '#main/db/open.ts'
import { signwright } from './command-line.ts'

/** A corpus of one long grey film, which `fill` gives its annotations. Returns the corpus folder. */
export function makeFilmCorpus(
  root: string,
  film: { seconds: number; fps: number },
  fill: (db: ReturnType<typeof openDatabase>, recordingId: number) => void,
): string {
  const corpus = join(root, 'Full.signwright')
  const folder = join(root, 'film')
  mkdirSync(folder)
  const source = `color=c=gray:s=64x48:r=${film.fps}:d=${film.seconds}`
  const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-g', '50', join(folder, 'long.mp4')]
  must(spawnSync('ffmpeg', args).status, 'ffmpeg')
  must(signwright(root, 'create', corpus, '--name', 'Full').status, 'create')
  must(signwright(root, 'import', folder, '--corpus', corpus).status, 'import')
  const db = openDatabase(join(corpus, 'corpus.sqlite'), { create: false })
  fill(db, db.prepare('SELECT id FROM recording').pluck().get() as number)
  db.close()
  return corpus
}

function must(status: number | null, what: string): void {
  if (status !== 0) throw new Error(`${what} ended with ${status}`)
}
