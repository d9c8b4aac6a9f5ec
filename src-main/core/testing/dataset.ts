import type { DatasetClip, DatasetRun, EvaluatedDataset } from '../export/dataset.types.ts'

export function clip(
  name: string,
  texts: readonly string[],
  changes: Partial<DatasetClip> = {},
): DatasetClip {
  return {
    name,
    split: 'test',
    recording: 'day-1',
    file: 'day-1.mp4',
    contentHash: 'ab12',
    startMs: 0,
    endMs: 1200,
    firstFrame: 0,
    lastFrame: 29,
    signer: 'S1',
    state: 'accepted',
    tags: ['clear'],
    gloss: 'MORGEN REGEN',
    note: '',
    licence: 'CC-BY-4.0',
    consentId: 1,
    references: texts.map(text => ({
      language: 'de',
      text,
      source: 'phoenix',
      versions: [
        { version: 1, text, source: 'phoenix', changedAt: 1_700_000_000_000, changedBy: 'annotator-2' },
      ],
    })),
    ...changes,
  }
}

const rating = {
  annotator: 'rater-1',
  protocol: 'da',
  value: 80,
  ratedAt: 1_700_000_200_000,
  repeats: [{ value: 75, ratedAt: 1_700_000_300_000 }],
}

export function run(name: string, texts: Record<string, string>): DatasetRun {
  return {
    name,
    kind: 'spamo',
    task: 'S2T',
    createdAt: 1_700_000_100_000,
    device: 'cpu',
    parameters: { beam: 5 },
    warning: null,
    clips: 3,
    work: { clips: 3, seconds: 6, attempts: 1 },
    documentRatings: [],
    model: {
      name: 'demo',
      version: '1.0.0',
      kind: 'spamo',
      fingerprint: 'f00',
      licence: 'MIT',
      provenance: { from: 'x' },
    },
    hypotheses: Object.entries(texts).map(([clipName, text], i) => ({
      clip: clipName,
      rank: 0,
      text,
      score: -0.5,
      tokenIds: null,
      ratings: i === 0 ? [rating] : [],
    })),
  }
}

/** Four clips of two splits, one without a reference, and two runs, one of which lacks clips. */
export function dataset(): EvaluatedDataset {
  return {
    corpus: {
      name: 'Wetter, klein',
      textLanguage: 'de',
      signLanguage: 'gsg',
      licence: 'CC-BY-4.0',
      version: '1.0.0',
    },
    generator: { name: 'Signwright', version: '0.1.0' },
    clips: [
      clip('a', ['morgen regnet es im norden.', 'im norden regnet es morgen.']),
      clip('b', ['der wind weht schwach aus west.']),
      clip('c', ['am samstag\nscheint die sonne.'], { split: 'dev', note: 'a "quoted", note' }),
      clip('d', [], { licence: '' }),
    ],
    runs: [
      run('SpaMo, beam 5', {
        a: 'morgen regnet es im norden',
        b: 'der wind weht aus west.',
        c: 'am samstag sonne.',
      }),
      run('spamo: beam 5', { a: 'regen im norden.', c: 'samstag scheint die sonne.' }),
    ],
    evaluation: { recipe: 'sacrebleu', normalisers: [] },
    tests: [],
    excluded: { 'no-consent': 1 },
    use: { purpose: 'research', withVideo: false, territory: '' },
    consents: [],
    licences: [],
    media: [],
    campaigns: [],
  }
}
