import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ModelId } from '#shared/contract/ids.ts'
import type { Core } from '../core.ts'
import { drawTestPicture, installTinyModel, testCore } from '../testing/workplace.ts'

const MODEL = { modelId: ModelId.parse('tiny'), device: 'cpu' } as const
const ALL = { kind: 'all' } as const
const place = mkdtempSync(join(tmpdir(), 'signwright-layouts-'))
let core: Core

beforeAll(async () => {
  await installTinyModel(place)
  core = await testCore(place)
})
afterAll(async () => {
  await core.close()
  rmSync(place, { recursive: true, force: true })
})

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

const film = (target: string, frames: number, hue: number) =>
  drawTestPicture(target, { seconds: frames / 25, hue })
const pictures = (folder: string, frames: number, hue: number) =>
  film(join(folder, 'images%04d.png'), frames, hue)

/** Folders as the data sets are published, with pictures of our own; each returns what a corpus has to hold. */
const LAYOUTS = {
  phoenix14t(root: string) {
    const row = (name: string, gloss: string, text: string) =>
      `${name}|${name}/1/*.png|-1|-1|Signer08|${gloss}|${text}`
    const header = 'name|video|start|end|speaker|orth|translation'
    const table = (split: string) => join(root, 'annotations/manual', `PHOENIX-2014-T.${split}.corpus.csv`)
    put(table('dev'), `${header}\n${row('01April-7', 'REGEN KOMMEN', 'es regnet bald')}\n`)
    put(table('test'), `${header}\n${row('25August-1', 'SONNE', 'morgen scheint die sonne')}\n`)
    pictures(join(root, 'features/fullFrame-210x260px/dev/01April-7/1'), 24, 10)
    pictures(join(root, 'features/fullFrame-210x260px/test/25August-1/1'), 33, 90)
    return {
      language: 'de',
      clips: [
        ['01April-7', 'dev', 'Signer08', 'es regnet bald', 24],
        ['25August-1', 'test', 'Signer08', 'morgen scheint die sonne', 33],
      ],
    }
  },
  'csl-daily'(root: string) {
    put(
      join(root, 'sentence_label/video_map.txt'),
      'index|name|length|gloss|char|word|postag\n' +
        '0|S000000_P0000_T00|24|今天 天气 好|今 天 天 气 好|今天 天气 好|t n a\n' +
        '1|S000001_P0004_T00|33|他 去 学校|他 去 学 校|他 去 学校|r v n\n',
    )
    put(
      join(root, 'sentence_label/split_1.txt'),
      'name|split\nS000000_P0000_T00|dev\nS000001_P0004_T00|test\n',
    )
    pictures(join(root, 'sentence_frames-512x512/S000000_P0000_T00'), 24, 30)
    pictures(join(root, 'sentence_frames-512x512/S000001_P0004_T00'), 33, 120)
    return {
      language: 'zh',
      clips: [
        ['S000000_P0000_T00', 'dev', null, '今天天气好', 24],
        ['S000001_P0004_T00', 'test', null, '他去学校', 33],
      ],
    }
  },
  how2sign(root: string) {
    const header =
      'VIDEO_ID\tVIDEO_NAME\tSENTENCE_ID\tSENTENCE_NAME\tSTART_REALIGNED\tEND_REALIGNED\tSENTENCE\r\n'
    const row = (n: number, start: number, end: number, text: string) =>
      `v\tv-5-rgb_front\tv_${n}\tv_${n}-5-rgb_front\t${start}\t${end}\t${text}\r\n`
    put(
      join(root, 'how2sign_realigned_test.csv'),
      header + row(0, 0, 0.96, '"He said ""go""."') + row(1, 1, 2.32, 'And I went.'),
    )
    film(join(root, 'raw_videos/v-5-rgb_front.mp4'), 75, 60)
    return {
      language: 'en',
      clips: [
        ['v_0-5-rgb_front', 'test', 'signer-5', 'He said "go".', 24],
        ['v_1-5-rgb_front', 'test', 'signer-5', 'And I went.', 33],
      ],
    }
  },
}

async function corpusOf(name: string, source: string, language?: string) {
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir: join(place, `${name}.signwright`), name })
  const settled = async (job: { id: Parameters<Core['settled']>[0] }) => {
    const ended = await core.settled(job.id, () => {})
    expect(ended).toMatchObject({ state: 'done', problem: null, itemsFailed: 0 })
    return ended
  }
  await settled(await api.importing.start({ source, ...(language === undefined ? {} : { language }) }))

  async function clips() {
    const { rows } = await api.clip.list({})
    return rows.map(row => [row.name, row.split, row.signer, row.reference, row.frames])
  }

  /** What a model says of every clip, and what that is worth. */
  async function evaluated() {
    const { runId } = await settled(await api.job.translate({ selection: ALL, ...MODEL, name: 'run' }))
    if (runId === null) throw new Error('A translation makes a run')
    const { scores, clips: scored } = await api.run.score({ runId, split: null, tokenize: 'auto' })
    const ids = await api.clip.ids({})
    const found = await Promise.all(ids.map(clipId => api.clip.get({ clipId })))
    return { scored, scores, texts: found.map(({ name, hypotheses }) => [name, hypotheses[0]?.text]) }
  }

  return { api, settled, clips, evaluated }
}

test.each(Object.keys(LAYOUTS) as (keyof typeof LAYOUTS)[])(
  '%s goes in, is translated and evaluated, goes out as SpaMo’s files, and comes back the same',
  async layout => {
    const [root, outDir] = [join(place, layout), join(place, `${layout}-spamo`)]
    const expected = LAYOUTS[layout](root)

    const first = await corpusOf(`${layout}-own`, root)
    expect(await first.clips()).toEqual(expected.clips)
    const own = await first.evaluated()
    await first.settled(await first.api.job.extract({ selection: ALL, ...MODEL, outDir }))
    await first.api.exporting.spamo({ outDir, selection: ALL })
    rmSync(root, { recursive: true })

    const second = await corpusOf(`${layout}-again`, outDir, expected.language)
    expect(await second.clips()).toEqual(expected.clips)
    expect(own.scored).toBe(2)
    expect(await second.evaluated()).toEqual(own)
  },
)
