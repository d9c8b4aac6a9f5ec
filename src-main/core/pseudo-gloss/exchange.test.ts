import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../../db/open.ts'
import { readProcessedWords } from '../../formats/processed-words.ts'
import { addClip, addRecording } from '../testing/corpus.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { testCore } from '../testing/workplace.ts'

const GOLDEN = resolve(import.meta.dirname, '../../../../shared/golden/sign2gpt')
const isThere = existsSync(GOLDEN)
if (!isThere) process.stderr.write(`Golden pseudo-glosses are not compared: ${GOLDEN} is not there.\n`)

const closing: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

async function setup(sentences: readonly string[]) {
  const dataDir = temporaryFolder()
  const dir = join(dataDir, 'Golden.signwright')
  const core = await testCore(dataDir)
  closing.push(core.close)
  const api = createRouterClient(core.router, { context: {} })
  await api.corpus.create({ dir, name: 'Golden' })
  await api.corpus.close()
  const db = openDatabase(join(dir, 'corpus.sqlite'), { create: false })
  const place = addRecording(db)
  sentences.forEach((text, at) =>
    addClip(db, place, { name: `clip-${String(at).padStart(4, '0')}`, split: 'train', references: [text] }),
  )
  db.close()
  await api.corpus.open({ dir })
  const importFile = async (file: string) => {
    const job = await api.pseudoGloss.import({ files: [file] })
    return core.settled(job.id, () => {})
  }
  const settled = (id: Parameters<typeof core.settled>[0]) => core.settled(id, () => {})
  return { api, dataDir, importFile, settled }
}

interface Golden {
  rows: number
  unique_sentences: number
  total_gloss_tokens: number
  vocabulary_size: number
  items: { sentence: string; tokens: { text: string; lemma: string; pos: string }[]; glosses: string[] }[]
  counts: Record<string, number>
  excluded_from_targets: string[]
}

const conlluOf = ({ items }: Golden): string =>
  items
    .map(({ sentence, tokens }) =>
      [
        `# text = ${sentence}`,
        ...tokens.map(({ text, lemma, pos }, at) => `${at + 1}\t${text}\t${lemma}\t${pos}${'\t_'.repeat(6)}`),
        '',
      ].join('\n'),
    )
    .join('\n')

describe.skipIf(!isThere)("beside the original's pseudo-glosses", () => {
  test.each(['tagged_boundary.json', 'tagged_de.json'])(
    '%s: imported tags give its glosses, counts and targets',
    async name => {
      const golden = JSON.parse(readFileSync(join(GOLDEN, 'pseudo-gloss', name), 'utf8')) as Golden
      const { api, dataDir, importFile } = await setup(golden.items.map(({ sentence }) => sentence))
      const file = join(dataDir, 'tags.conllu')
      writeFileSync(file, conlluOf(golden))

      expect((await importFile(file)).state).toBe('done')

      expect(await api.pseudoGloss.effect({})).toMatchObject({
        sentences: golden.rows,
        uniqueSentences: golden.unique_sentences,
        kept: golden.total_gloss_tokens,
        vocabulary: golden.vocabulary_size,
        frequent: golden.excluded_from_targets.toSorted(),
        imported: golden.rows,
      })
      const { rows } = await api.pseudoGloss.sentences({ limit: 1000 })
      expect(rows.map(({ glosses }) => glosses)).toEqual(golden.items.map(({ glosses }) => glosses))
      const { rows: words } = await api.pseudoGloss.vocabulary({ limit: 1000 })
      expect(Object.fromEntries(words.map(({ gloss, count }) => [gloss, count]))).toEqual(golden.counts)
    },
  )

  test('a pickle of the original is taken, and comes out as the same dictionaries', async () => {
    const source = join(GOLDEN, 'vocabulary', 'processed_words.phx_pkl')
    const original = readProcessedWords(readFileSync(source), source)
    const { api, dataDir, importFile } = await setup([...original.sentences.keys()])
    await importFile(source)

    const file = join(dataDir, 'processed_words.pkl')
    const done = await api.pseudoGloss.export({ file, format: 'pickle' })

    const written = readProcessedWords(readFileSync(file), file)
    expect(Object.fromEntries(written.sentences)).toEqual(Object.fromEntries(original.sentences))
    expect(written.glosses).toEqual([...new Set([...original.sentences.values()].flat())].sort())
    const provenance = JSON.parse(readFileSync(done.provenance, 'utf8')) as { taggers: object[] }
    expect(provenance.taggers).toMatchObject([{ name: 'processed_words.phx_pkl', isImported: true }])
    await expect(api.pseudoGloss.export({ file, format: 'pickle' })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  test('a hostile pickle fails its job, which names what it wanted to call', async () => {
    const { importFile } = await setup(['heute regen'])
    const job = await importFile(join(GOLDEN, 'vocabulary/hostile/os_system.pkl'))
    expect([job.state, job.problem]).toEqual(['failed', expect.stringContaining('posix.system')])
  })
})

const SPACY = {
  text: 'Now we sign.',
  tokens: [
    { id: 0, start: 0, end: 3, tag: 'RB', pos: 'ADV', morph: '', lemma: 'now', dep: 'advmod', head: 2 },
    { id: 1, start: 4, end: 6, tag: 'PRP', pos: 'PRON', morph: '', lemma: 'we', dep: 'nsubj', head: 2 },
    { id: 2, start: 7, end: 11, tag: 'VBP', pos: 'VERB', morph: '', lemma: 'sign', dep: 'ROOT', head: 2 },
    { id: 3, start: 11, end: 12, tag: '.', pos: 'PUNCT', morph: '', lemma: '.', dep: 'punct', head: 2 },
  ],
}

test('Doc.to_json() of spaCy is taken; CSV and JSON that were exported come back the same', async () => {
  const { api, dataDir, importFile } = await setup([SPACY.text])
  const file = join(dataDir, 'docs.json')
  writeFileSync(file, JSON.stringify([SPACY]))
  expect((await importFile(file)).state).toBe('done')
  const glosses = async () => (await api.pseudoGloss.sentences({})).rows.map(each => each.glosses)
  expect(await glosses()).toEqual([['now', 'we', 'sign']])

  for (const format of ['csv', 'json'] as const) {
    const out = join(dataDir, `out.${format}`)
    await api.pseudoGloss.export({ file: out, format })
    expect((await importFile(out)).state).toBe('done')
    expect(await glosses()).toEqual([['now', 'we', 'sign']])
  }
})

test('a file without a sentence of the corpus fails and says so', async () => {
  const { dataDir, importFile } = await setup(['heute regen'])
  const file = join(dataDir, 'other.conllu')
  writeFileSync(file, `# text = morgen\n1\tmorgen\tmorgen\tADV${'\t_'.repeat(6)}\n`)
  expect(await importFile(file)).toMatchObject({
    state: 'failed',
    problem: expect.stringContaining('None of the sentences') as string,
  })
})

test('a broken treebank is refused with file and line', async () => {
  const { api, dataDir, settled } = await setup(['heute regen'])
  const file = join(dataDir, 'bad.conllu')
  writeFileSync(file, `1\tmorgen\tmorgen\tADVERB${'\t_'.repeat(6)}\n`)
  const job = await api.pseudoGloss.train({ language: 'de', name: 'bad', files: [file] })
  expect((await settled(job.id)).problem).toContain(`${file}, line 1`)
})
