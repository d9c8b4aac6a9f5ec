import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { signwright } from './command-line.ts'

const demo = fileURLToPath(new URL('../resources/demo', import.meta.url))
const FPS = 25
const FRAME_MS = 1000 / FPS

export interface Sign {
  gloss: string
  startMs: number
  endMs: number
}

export interface Sentence {
  text: string
  startMs: number
  endMs: number
  signs: Sign[]
}

interface SignFile {
  clips: Record<string, { frames: number; signs: { gloss: string; first: number; last: number }[] }>
}

/** What the demo clips say when they are played one after the other until `minutes` are full. */
export function sentencesOf(minutes: number): (Sentence & { file: string })[] {
  const { clips } = JSON.parse(readFileSync(join(demo, 'signs.json'), 'utf8')) as SignFile
  const rows = readFileSync(join(demo, 'references.csv'), 'utf8').trim().split('\n').slice(1)
  const sentences: (Sentence & { file: string })[] = []
  let startMs = 0
  for (let at = 0; startMs < minutes * 60_000; at += 1) {
    const [id = '', file = '', , , text = ''] = (rows[at % rows.length] ?? '').split(',')
    const clip = clips[id]
    if (!clip) throw new Error(`signs.json knows no clip ${id}`)
    const from = startMs
    const signs = clip.signs.map(({ gloss, first, last }) => ({
      gloss,
      startMs: from + first * FRAME_MS,
      endMs: from + (last + 1) * FRAME_MS,
    }))
    startMs += clip.frames * FRAME_MS
    sentences.push({
      file: join(demo, file),
      text: text.replaceAll('"', ''),
      startMs: from,
      endMs: startMs,
      signs,
    })
  }
  return sentences
}

/** Joins the demo clips into one video of so many minutes. */
export function makeLongVideo(path: string, minutes: number): Sentence[] {
  const sentences = sentencesOf(minutes)
  const list = `${path}.txt`
  writeFileSync(list, sentences.map(({ file }) => `file '${file}'`).join('\n'))
  const args = ['-v', 'error', '-y', '-f', 'concat', '-safe', '0', '-i', list]
  const encoder = [
    '-vf',
    'scale=320:320',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-g',
    '25',
    '-pix_fmt',
    'yuv420p',
  ]
  const made = spawnSync('ffmpeg', [...args, ...encoder, '-movflags', '+faststart', path], {
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`ffmpeg: ${made.stderr}`)
  return sentences
}

export interface LongRecording {
  corpus: string
  sentences: Sentence[]
}

/** A corpus with one recording of so many minutes; with `tiers`, fully glossed. */
export function makeLongCorpus(dataDir: string, minutes: number, tiers: boolean): LongRecording {
  const media = join(dataDir, 'media')
  mkdirSync(media, { recursive: true })
  const sentences = makeLongVideo(join(media, 'Wetter-2026-03-14.mp4'), minutes)
  const corpus = join(dataDir, 'Wetter.signwright')
  for (const args of [
    ['create', corpus, '--name', 'Wetter'],
    ['import', media, '--format', 'folder', '--corpus', corpus],
  ]) {
    const { status, stderr, stdout } = signwright(dataDir, ...args)
    if (status !== 0) throw new Error(`signwright ${args.join(' ')}: ${stderr}${stdout}`)
  }
  if (tiers) fill(join(corpus, 'corpus.sqlite'), sentences)
  return { corpus, sentences }
}

/** Tiers as a corpus project has them: sentences, glosses of both hands, and for each gloss mouthing and place. */
function fill(file: string, sentences: readonly Sentence[]): void {
  const db = new Database(file)
  const type = (name: string, stereotype: string) =>
    db.prepare('INSERT INTO tier_type (name, stereotype) VALUES (?, ?)').run(name, stereotype).lastInsertRowid
  const tier = (
    typeId: number | bigint,
    name: string,
    ordinal: number,
    parent: number | bigint | null = null,
  ) =>
    db
      .prepare(
        `INSERT INTO tier (recording_id, parent_id, type_id, name, ordinal, participant, annotator, language)
         VALUES ((SELECT min(id) FROM recording), ?, ?, ?, ?, 'Signer03', 'Ada', '')`,
      )
      .run(parent, typeId, name, ordinal).lastInsertRowid
  const insert = db.prepare(
    'INSERT INTO annotation (tier_id, parent_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?, ?)',
  )
  const put = (
    tierId: number | bigint,
    parent: number | bigint | null,
    span: Sign | Sentence,
    value: string,
  ) => insert.run(tierId, parent, span.startMs, span.endMs, value).lastInsertRowid
  db.transaction(() => {
    const [free, inside, one] = [
      type('utterance', 'none'),
      type('token', 'included-in'),
      type('of token', 'symbolic-association'),
    ]
    const sentence = tier(free, 'Sentence', 0)
    const right = tier(inside, 'Gloss R', 1, sentence)
    const [mouthing, place] = [tier(one, 'Mouthing', 2, right), tier(one, 'Place', 3, right)]
    const left = tier(free, 'Gloss L', 4)
    for (const each of sentences) {
      const utterance = put(sentence, null, each, each.text)
      for (const [at, sign] of each.signs.entries()) {
        const token = put(right, utterance, sign, sign.gloss)
        const [stem = ''] = sign.gloss.split('-')
        if (at % 4 !== 3)
          put(mouthing, token, sign, stem.toLowerCase().replaceAll('UE', 'ü').replaceAll('ue', 'ü'))
        if (at % 3 === 0) put(place, token, sign, ['neutral', 'chest', 'chin'][at % 3] ?? 'neutral')
        if (at % 2 === 0) put(left, null, sign, sign.gloss)
      }
    }
  })()
  db.close()
}
