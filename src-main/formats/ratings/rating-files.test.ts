import { expect, test } from 'vitest'
import { readAppraise, writeAppraise, writeAppraiseBatch } from './appraise.ts'
import type { JudgementRow } from './judgement-row.ts'
import { readMqm, writeMqm } from './mqm-tsv.ts'
import { readPearmut, writePearmut } from './pearmut.ts'

const ROW: JudgementRow = {
  system: 'SpaMo, "large"',
  segments: ['clip-1'],
  text: 'am tag 😀 regnet es',
  annotator: 'Ada',
  value: 75,
  marks: [],
  startedAt: 1_695_538_089_068,
  finishedAt: 1_695_538_105_026,
  kind: 'judge',
  place: { line: 3 },
}
const FILE = { name: 'May', signLanguage: 'gsg', textLanguage: 'deu' }

test('scores of Appraise come back as they were, times to the millisecond', () => {
  const { text, losses } = writeAppraise({ ...FILE, protocol: 'da', rows: [ROW] })
  expect(text).toBe('Ada,"SpaMo, ""large""",3,TGT,gsg,deu,75,clip-1,False,1695538089.068,1695538105.026\n')
  expect(losses).toEqual([])
  const { rows, skipped } = readAppraise(new TextEncoder().encode(text), 'a.csv')
  expect(skipped).toEqual([])
  expect(rows).toMatchObject([
    { system: ROW.system, annotator: 'Ada', value: 75, startedAt: ROW.startedAt, finishedAt: ROW.finishedAt },
  ])
  expect(rows[0]!.segments).toContain('clip-1')
})

test('what Appraise has no place for is said before it is lost', () => {
  const marks = [
    { startCp: 0, endCp: 2, isMissing: false, severity: 'major', category: null, comment: '' } as const,
  ]
  const { losses } = writeAppraise({ ...FILE, protocol: 'esa', rows: [{ ...ROW, marks, kind: 'repeat' }] })
  expect(losses.join(' ')).toMatch(/1 mark of errors.*repeat another/)
  expect(writeAppraise({ ...FILE, protocol: 'mqm', rows: [{ ...ROW, value: null }] }).text).toBe('')
})

test('a batch of Appraise has one item per output in its own keys', () => {
  const task = { clip: 'clip-1', document: 'news', video: 'clip-1.mp4', system: 'SpaMo', text: 'am tag' }
  const [batch] = JSON.parse(writeAppraiseBatch(FILE, [task], 7)) as [{ items: object[]; task: object }]
  expect(Object.keys(batch.items[0]!)).toEqual(
    '_block _item documentID isCompleteDocument itemID itemType sourceID sourceText sourceContextLeft targetID targetText targetContextLeft'.split(
      ' ',
    ),
  )
  expect(batch.task).toMatchObject({ batchSize: 1, randomSeed: 7 })
})

/** Shortened from the released example of a contrastive campaign: spans end with their last character. */
const PEARMUT = JSON.stringify({
  annotation: [
    {
      'Online-Gamma': {
        score: 70,
        error_spans: [{ start_i: 4, end_i: 11, category: null, severity: 'minor', comment: 'of the hand' }],
        textfield: null,
      },
      'Baseline-0': { score: 100, error_spans: [], textfield: null },
    },
  ],
  actions: [
    { time: 1771311126.056, action: 'load' },
    { time: 1771311393.028, action: 'submit' },
  ],
  item: [{ item_id: 'en-es-0', tgt: { 'Online-Gamma': 'Soy una persona', 'Baseline-0': 'Soy reacia' } }],
  user_id: 'squealing-hit-488',
  item_i: 0,
})

test('Pearmut counts the last character in, we do not', () => {
  const { protocol, rows } = readPearmut(`${PEARMUT}\n`)
  expect(protocol).toBe('esa')
  expect(rows.map(({ system, value, marks, segments }) => ({ system, value, marks, segments }))).toEqual([
    {
      system: 'Online-Gamma',
      value: 70,
      segments: ['en-es-0'],
      marks: [
        {
          startCp: 4,
          endCp: 12,
          isMissing: false,
          severity: 'minor',
          category: null,
          comment: 'of the hand',
        },
      ],
    },
    { system: 'Baseline-0', value: 100, segments: ['en-es-0'], marks: [] },
  ])
  const [span] = (
    JSON.parse(writePearmut({ ...FILE, protocol, rows: rows.slice(0, 1) }).text) as {
      annotation: [Record<string, { error_spans: object[] }>]
    }
  ).annotation[0]['Online-Gamma']!.error_spans
  expect(span).toEqual({ start_i: 4, end_i: 11, category: null, severity: 'minor', comment: 'of the hand' })
})

test('a line of another program is left out with its reason', () => {
  expect(
    readPearmut('{"user_id":"eve","item_i":0,"annotation":{}}\nno json\n').skipped.map(({ line }) => line),
  ).toEqual([1, 2])
})

test('MQM goes to Google’s columns and comes back, code points and all', () => {
  const marks = [
    {
      startCp: 7,
      endCp: 8,
      isMissing: false,
      severity: 'major',
      category: 'non-manual',
      comment: 'raised brows',
    },
    { startCp: 18, endCp: 18, isMissing: true, severity: 'minor', category: 'omission', comment: '' },
  ] as const
  const rows = [
    { ...ROW, system: 'SpaMo', value: null, marks },
    { ...ROW, system: 'Other', value: null, marks: [] },
  ]
  const { text, losses } = writeMqm({ ...FILE, protocol: 'mqm', rows })
  expect(text.split('\n').slice(0, 2)).toEqual([
    'system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\tcomment',
    'SpaMo\tclip-1\t1\tclip-1\tAda\t\tam tag <v>😀</v> regnet es\tSign/Non-manual\tMajor\traised brows',
  ])
  const plain = rows.map(row => ({ ...row, marks: row.marks.map(mark => ({ ...mark, comment: '' })) }))
  expect(writeMqm({ ...FILE, protocol: 'mqm', rows: plain }).text).not.toContain('comment')
  expect(losses).toContain('When and how long people judged.')
  const back = readMqm(text)
  expect(back.skipped).toEqual([])
  expect(
    back.rows.map(({ system, text: shown, marks: read }) => ({ system, text: shown, marks: read })),
  ).toEqual([
    { system: 'SpaMo', text: ROW.text, marks },
    { system: 'Other', text: ROW.text, marks: [] },
  ])
})

test('an error type that we do not have is read as “other”, and told', () => {
  const text =
    'system\tdoc\tdoc_id\tseg_id\trater\tsource\ttarget\tcategory\tseverity\n' +
    'A\td\t1\t4\tr1\ts\tam <v>tag</v>\tTerminology/Inconsistent\tCritical\n'
  const { rows, losses } = readMqm(text)
  expect(rows[0]!.marks).toMatchObject([{ category: 'other', startCp: 3, endCp: 6 }])
  expect(losses[0]).toContain('Terminology/Inconsistent')
})
