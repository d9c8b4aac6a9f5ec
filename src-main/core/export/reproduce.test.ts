import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EvaluationChoice } from '#shared/contract/evaluation.ts'
import { ModelId } from '#shared/contract/ids.ts'
import { ExportRequest } from '#shared/contract/transfer.ts'
import { migrate } from '../../db/migrate.ts'
import { openDatabase } from '../../db/open.ts'
import { createEditing } from '../edit/edit.service.ts'
import { createScoresService } from '../evaluation/scores.service.ts'
import { scoreByRecipe } from '../evaluation/score-by-recipe.ts'
import { tokenizersOf } from '../evaluation/tokenizer-of.ts'
import { createModelService } from '../model/model.service.ts'
import { addClip, addRecording, addRun, giveRights, silentLog, testContext } from '../testing/corpus.ts'
import { weightsOf } from '../work/plan-translation.ts'
import type { CorpusScoreRow } from './corpus-scores.ts'
import { createExportService } from './export.service.ts'

const models = createModelService({
  builtInDir: fileURLToPath(new URL('../../../models', import.meta.url)),
  dataDir: '/nowhere',
  version: '0.0.0',
  engine: { checkBundle: async () => null },
  log: silentLog,
})

const root = mkdtempSync(join(tmpdir(), 'signwright-reproduce-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** The demo model's tokenizer writes neither capitals nor a snowman, an umbrella or "&". */
const REFERENCES = [
  ['morgen regnet es im norden', 'Im Norden regnet es morgen.'],
  ['der wind weht schwach aus west ☃ .', 'schwacher wind aus west'],
  ['am Samstag scheint die Sonne &amp; es bleibt heiß', 'sonne am samstag .'],
  ['im süden schneit es ☂ bis zum abend', 'schnee im süden .'],
  ['heute nacht klar und kalt .', 'eine klare und kalte nacht'],
]
const OUTPUTS = [
  'morgen regnet es im norden .',
  'der wind weht aus west',
  'am samstag scheint die sonne es bleibt kalt',
  'im süden schneit es am abend .',
  'heute nacht klar und kalt',
]

/** A corpus with a run of the demo model, scored by a recipe, and its release. */
async function release(choice: EvaluationChoice) {
  const folder = mkdtempSync(join(root, 'corpus-'))
  const db = openDatabase(join(folder, 'corpus.sqlite'), { create: true })
  migrate(db)
  const place = addRecording(db)
  const ids = REFERENCES.map((references, i) =>
    addClip(db, place, { name: `clip-${i}`, references, signer: 'Ada' }),
  )
  giveRights(db)
  const whole = addRun(db, 'demo model', new Map(ids.map((id, i) => [id, [OUTPUTS[i]!]])))
  addRun(db, 'partial', new Map(ids.slice(1).map((id, i) => [id, [OUTPUTS[i]!]])))
  const demo = ModelId.parse('demo')
  db.prepare('UPDATE model SET bundle = ?, fingerprint = ?').run(demo, weightsOf(models.bundle(demo)))
  const context = testContext(db, folder)
  const findTokenizer = tokenizersOf(models)
  const scoring = createScoresService(context, { editing: createEditing(context), findTokenizer })
  try {
    scoring.choose(choice)
    const { lines } = await scoring.scores({ runIds: [whole], split: null })
    const service = createExportService(context, { name: 'Signwright', version: '0.0.0' }, findTokenizer)
    const outDir = join(folder, 'release')
    const quiet = { signal: new AbortController().signal, onProgress: () => {} }
    await service.run(ExportRequest.parse({ outDir }), quiet)
    const rows = JSON.parse(readFileSync(join(outDir, 'eval/corpus_scores.json'), 'utf8')) as CorpusScoreRow[]
    return { lines, outDir, rows: rows.filter(({ recipe }) => recipe === choice.recipe) }
  } finally {
    await scoring.close()
    db.close()
  }
}

const choices: EvaluationChoice[] = [
  { recipe: 'spamo2025', normalisers: [] },
  { recipe: 'neccam2020', normalisers: ['entities', 'stop'] },
  { recipe: 'sacrebleu-char', normalisers: ['width', 'case'] },
]

const releases = new Map<EvaluationChoice, Awaited<ReturnType<typeof release>>>()
const released = (choice: EvaluationChoice) => releases.get(choice)!
beforeAll(async () => {
  for (const choice of choices) releases.set(choice, await release(choice))
}, 300_000)

test.each(choices)(
  '$recipe gives its numbers of Compare from the prepared lines of a release',
  async choice => {
    const { lines, outDir, rows } = released(choice)
    const ofRun = (run: string) => rows.filter(row => row.system_id === run)
    const told = (row: { metric: string; signature: string; slt: string }, score: number) => [
      row.metric,
      score,
      row.signature,
      row.slt,
    ]
    expect(ofRun('demo model').map(row => told(row, row.score))).toEqual(
      lines.map(line => told(line, line.scores[0]!)),
    )

    const folder = ['plain', [choice.recipe, ...choice.normalisers.toSorted()].join('+')].join('/')
    const commands = readFileSync(join(outDir, 'reproduce.sh'), 'utf8')
    const references = (prefix: string) =>
      ['ref.txt', 'ref.2.txt']
        .map(file => `${folder}/${prefix}${file}`)
        .filter(file => commands.includes(`${file} `))
    for (const [run, prefix] of [
      ['demo model', ''],
      ['partial', 'partial.'],
    ] as const) {
      const name = run.replace(' ', '-')
      const { scores } = await scoreByRecipe({
        hyp: join(outDir, folder, `${name}.hyp.txt`),
        refs: references(prefix).map(file => join(outDir, file)),
        others: [],
        ...choice,
        language: 'de',
        isPrepared: true,
      })
      expect(scores.map(({ metric, signature, scores: [score] }) => [metric, signature, score])).toEqual(
        ofRun(run).map(({ metric, signature, score }) => [metric, signature, score]),
      )
    }
  },
)

test('references go through the tokenizer of the model, and the release says so', () => {
  const { rows, outDir } = released(choices[0]!)
  expect(rows.every(({ slt }) => slt.includes('|refsrc:round-trip|'))).toBe(true)
  const lines = (path: string) => readFileSync(join(outDir, path), 'utf8').trimEnd().split('\n')
  const raw = lines('plain/ref.txt')
  const prepared = lines('plain/spamo2025/ref.txt')
  expect(raw[1]).toContain('☃')
  expect(prepared[1]).not.toContain('☃')
  expect(prepared[0]).toBe('morgen regnet es im norden.')
})

const python = process.env['SIGNWRIGHT_PYTHON'] ?? 'python3'
const hasSacrebleu = spawnSync(python, ['-c', 'import sacrebleu']).status === 0

/** `sacrebleu` by its name, as the script calls it. */
function pathWithSacrebleu(): string {
  const script = join(dirname(python), 'sacrebleu')
  const link = join(root, 'sacrebleu')
  if (!existsSync(link)) symlinkSync(script, link)
  return [root, process.env['PATH']].join(delimiter)
}

interface Printed {
  name: string
  score: number
  signature: string
}

/** A list for several metrics and an object for one, one behind the other. */
const printedBy = (output: string) =>
  (JSON.parse(`[${output.replaceAll(/([\]}])\s+(?=[[{])/g, '$1,')}]`) as (Printed | Printed[])[]).flat()

test.skipIf(!hasSacrebleu).each(choices)(
  'reproduce.sh makes sacreBLEU print the numbers that it promises for $recipe',
  choice => {
    const { outDir } = released(choice)
    const script = join(outDir, 'reproduce.sh')
    const env = { ...process.env, PATH: pathWithSacrebleu() }
    const output = execFileSync('sh', [script], {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    // Remarks before a command say what it has to print; those behind it are about what it does not know.
    const promised = readFileSync(script, 'utf8')
      .split('\n\n')
      .flatMap(part => part.slice(0, Math.max(0, part.indexOf('\nsacrebleu '))).split('\n'))
      .flatMap(line => {
        const [, name, signature, score] = /^# ([^|]+)\|(\S+) = ([\d.]+)$/.exec(line) ?? []
        return name === undefined ? [] : [{ name, score: Number(score), signature }]
      })
    expect(printedBy(output).map(({ name, score, signature }) => ({ name, score, signature }))).toEqual(
      promised,
    )
    expect(promised.length).toBeGreaterThan(6)
  },
)
