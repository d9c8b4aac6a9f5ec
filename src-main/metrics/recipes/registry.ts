import { RECIPE_IDS, type Recipe, type RecipeId } from '#shared/contract/evaluation.ts'
import { isUnspaced, tokenizerForLanguage } from '../tokenizers.ts'
import { PLAIN, type Procedure } from './procedure.ts'

/** A published way of scoring as data: what its code does to text, and what it computes then. */
export interface RecipeData {
  name: string
  metrics: readonly string[]
  /** Repository and files that it was read from. */
  source: string
  url: string
  /** By the language of the text (BCP 47): code for Phoenix and code for CSL-Daily differ under one name. */
  procedure: (language: string) => Partial<Procedure>
  notes: Recipe['notes']
}

const BLEUS = ['bleu-1', 'bleu-2', 'bleu-3', 'bleu'] as const
const SACREBLEU = [...BLEUS, 'chrf', 'chrf++', 'ter'] as const

const isGerman = (language: string) => /^(de|deu|ger)\b/i.test(language)
const asianOf = (language: string) => (isUnspaced(language) ? 'yes' : 'no')

function sacrebleu(name: string, tokenize: Procedure['tokenize'], notes: Recipe['notes'] = []): RecipeData {
  return {
    name,
    metrics: SACREBLEU,
    source: 'mjpost/sacrebleu 2.6.0',
    url: 'https://github.com/mjpost/sacrebleu',
    procedure: language => ({ tokenize, asian: asianOf(language) }),
    notes,
  }
}

/** The copy of sacreBLEU 1.4.2 in neccam/slt and what descends from it: no tokenizer, `floor` with 0. */
const RAW_CORPUS_BLEU = { tokenize: 'none', smooth: 'floor[0.00]', references: 'first' } as const

const RECIPES: Record<RecipeId, RecipeData> = {
  sacrebleu: {
    ...sacrebleu('sacreBLEU', '13a'),
    procedure: language => ({ tokenize: tokenizerForLanguage(language), asian: asianOf(language) }),
  },
  'sacrebleu-13a': sacrebleu('sacreBLEU, tokenizer 13a', '13a'),
  'sacrebleu-intl': sacrebleu('sacreBLEU, tokenizer intl', 'intl'),
  'sacrebleu-zh': sacrebleu('sacreBLEU, tokenizer zh', 'zh', ['zh-quotes']),
  'sacrebleu-char': sacrebleu('sacreBLEU, tokenizer char', 'char'),
  'sacrebleu-none': sacrebleu('sacreBLEU, no tokenizer (glosses)', 'none'),
  'signwright-zh': {
    ...sacrebleu('sacreBLEU with the Chinese tokenizer corrected', 'zh-fixed'),
    source: 'Signwright; mjpost/sacrebleu#298',
    url: 'https://github.com/mjpost/sacrebleu/issues/298',
  },
  neccam2020: {
    name: 'Camgöz et al. 2020 (slt)',
    metrics: [...BLEUS, 'rouge', 'chrf'],
    source: 'neccam/slt 9058882, signjoey/metrics.py, external_metrics/sacrebleu.py',
    url: 'https://github.com/neccam/slt',
    procedure: () => ({ ...RAW_CORPUS_BLEU, case: 'lower-references', rouge: 'coco' }),
    notes: [],
  },
  twostream2022: {
    name: 'Chen et al. 2022 (TwoStream-SLT)',
    metrics: [...BLEUS, 'rouge'],
    source: 'FangyunWei/SLRT 38a4f7b, TwoStreamNetwork/utils/metrics.py, external_metrics/Rouge.py',
    url: 'https://github.com/FangyunWei/SLRT',
    procedure: language => ({
      ...RAW_CORPUS_BLEU,
      characters: isUnspaced(language) ? 'split-keep-spaces' : 'keep',
      rouge: isUnspaced(language) ? 'seq2seq-char' : 'seq2seq',
    }),
    notes: [],
  },
  wmtslt22: {
    name: 'WMT-SLT 2022',
    metrics: ['bleu', 'chrf', 'chrf++'],
    source: 'WMT-SLT/wmt-slt22 0b78292',
    url: 'https://github.com/WMT-SLT/wmt-slt22',
    procedure: () => ({}),
    notes: ['neural-left-out'],
  },
  'wmtslt22-released': {
    name: 'WMT-SLT 2022, as released',
    metrics: ['bleu', 'chrf', 'chrf++'],
    source: 'WMT-SLT/wmt-slt22 0b78292',
    url: 'https://github.com/WMT-SLT/wmt-slt22',
    procedure: () => ({ leaveOut: '242' }),
    notes: ['line-242', 'neural-left-out'],
  },
  gfslt2023: {
    name: 'Zhou et al. 2023 (GFSLT-VLP)',
    metrics: BLEUS,
    source: 'zhoubenjia/GFSLT-VLP 91ba953, sacrebleu 2.2.0',
    url: 'https://github.com/zhoubenjia/GFSLT-VLP',
    procedure: language => ({
      references: 'first',
      characters: isUnspaced(language) ? 'split' : 'keep',
    }),
    notes: ['references-decoded', 'own-rouge-left-out'],
  },
  sign2gpt2024: {
    name: 'Wong et al. 2024 (Sign2GPT)',
    metrics: [...BLEUS, 'rouge'],
    source: 'ryanwongsa/Sign2GPT 5555935, metrics/',
    url: 'https://github.com/ryanwongsa/Sign2GPT',
    procedure: language => ({
      ...RAW_CORPUS_BLEU,
      case: 'lower-references',
      characters: isUnspaced(language) ? 'split' : 'keep',
      rouge: 'coco',
    }),
    notes: [],
  },
  ssvp2024: {
    name: 'Rust et al. 2024 (SSVP-SLT)',
    metrics: ['bleu-1', 'bleu-2', 'bleu-3', 'bleu'],
    source: 'facebookresearch/ssvp_slt 7ed332b',
    url: 'https://github.com/facebookresearch/ssvp_slt',
    procedure: () => ({ references: 'first' }),
    notes: ['own-rouge-left-out', 'neural-left-out'],
  },
  spamo2025: {
    name: 'Hwang et al. 2025 (SpaMo)',
    metrics: [...BLEUS, 'rouge'],
    source:
      'eddie-euijun-hwang/SpaMo fb1d495, utils/evaluate.py, t5_slt.py, sacrebleu 2.2.0, rouge-score 0.1.2',
    url: 'https://github.com/eddie-euijun-hwang/SpaMo',
    procedure: language => ({
      references: 'first',
      refsrc: 'round-trip',
      case: 'lower',
      // Only its Phoenix loader adds the full stop.
      stop: isGerman(language) ? 'append-reference' : 'keep',
      tokenize: tokenizerForLanguage(language) === 'zh' ? 'zh' : '13a',
      rouge: 'rouge-score',
    }),
    notes: ['references-decoded', 'sampled', 'rouge-ascii'],
  },
  'spamo2025-released': {
    name: 'SpaMo, as released',
    metrics: [...BLEUS, 'rouge'],
    source: 'eddie-euijun-hwang/SpaMo fb1d495, where the choice of a tokenizer is commented out',
    url: 'https://github.com/eddie-euijun-hwang/SpaMo',
    procedure: language => ({
      references: 'first',
      refsrc: 'round-trip',
      case: 'lower',
      stop: isGerman(language) ? 'append-reference' : 'keep',
      rouge: 'rouge-score',
    }),
    notes: ['references-decoded', 'sampled', 'rouge-ascii', 'chinese-as-one-word'],
  },
  unisign2025: {
    name: 'Li et al. 2025 (Uni-Sign)',
    metrics: [...BLEUS, 'rouge'],
    source: 'ZechengLi19/Uni-Sign 2c9028f, fine_tuning.py, SLRT_metrics.py, pltrdy/rouge',
    url: 'https://github.com/ZechengLi19/Uni-Sign',
    procedure: language => ({
      references: 'first',
      width: isUnspaced(language) ? 'reference-marks' : 'keep',
      characters: isUnspaced(language) ? 'split' : 'keep',
      rouge: 'pltrdy',
    }),
    notes: ['empty-output-stops'],
  },
}

/** The recipe of an id; the procedure is that for texts of the language. */
export function recipeNamed(id: RecipeId): RecipeData {
  return RECIPES[id]
}

export function procedureOf(id: RecipeId, language: string): Procedure {
  return { ...PLAIN, ...RECIPES[id].procedure(language) }
}

/**
 * Every recipe with its settings for a language, in the order of `RECIPE_IDS`; references stay as they are, as they do
 * where no tokenizer is at hand.
 */
export function listRecipes(language: string): Recipe[] {
  return RECIPE_IDS.map(id => {
    const { name, metrics, source, url, notes } = RECIPES[id]
    return {
      id,
      name,
      metrics: [...metrics],
      source,
      url,
      procedure: { ...procedureOf(id, language), refsrc: 'raw' },
      notes,
    }
  })
}
