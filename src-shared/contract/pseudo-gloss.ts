import { z } from 'zod'
import { UPOS } from '../domain/pos.ts'
import { base } from './base.ts'
import { ClipId, ReferenceId, Timestamp } from './ids.ts'
import { Job } from './job.ts'

export const Upos = z.enum(UPOS)

/** What turns tagged words into pseudo-glosses (Wong et al. 2024, section 3.2, and the loader of its release). */
export const GlossRule = z.strictObject({
  keptPos: z.array(Upos).max(UPOS.length),
  form: z.enum(['lemma', 'surface']),
  isLowerCase: z.boolean(),
  /** `spacy`: parts of speech and pronouns as spaCy's German and Chinese models have them, by closed lists. */
  scheme: z.enum(['ud', 'spacy']),
  /** Never kept, as glosses; `keepWords` always. */
  stopWords: z.array(z.string().min(1).max(200)).max(5000),
  keepWords: z.array(z.string().min(1).max(200)).max(5000),
  /** Glosses that occur less often are in no vocabulary. */
  leastCount: z.int().min(1).max(1000),
  /**
   * Glosses that occur in that share of the different sentences or more, repeats counted, stay in the vocabulary and
   * are no target of training. 1 and above: none.
   */
  mostShare: z.number().min(0).max(100),
})
export type GlossRule = z.infer<typeof GlossRule>

export const GLOSS_LANGUAGES = ['de', 'en', 'zh'] as const
export const GlossLanguage = z.enum(GLOSS_LANGUAGES)
export type GlossLanguage = z.infer<typeof GlossLanguage>

export const GlossSetting = z.strictObject({
  language: GlossLanguage,
  /** An id of `providers`; null: the best there is for the language. */
  providerId: z.string().min(1).max(200).nullable(),
  /** What counts for the vocabulary; empty: all of the corpus. */
  splits: z.array(z.string()).max(50),
  rule: GlossRule,
})
export type GlossSetting = z.infer<typeof GlossSetting>

/** Shares from 0 to 1 of a held-out part; set-F1 over the kept lemmas of each sentence (Chinese: words). */
export const TaggerAccuracy = z.strictObject({
  sentences: z.int(),
  words: z.int(),
  pos: z.number(),
  /** Of all words, with their true part of speech. */
  lemma: z.number(),
  setF1: z.number(),
  wordsPerSecond: z.number(),
})
export type TaggerAccuracy = z.infer<typeof TaggerAccuracy>

export const GlossProvider = z.strictObject({
  id: z.string(),
  kind: z.enum(['lexicon', 'wink', 'jieba', 'trained']),
  language: GlossLanguage,
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  /** Whether it knows only few words, or cuts them by a rule of thumb. */
  isApproximate: z.boolean(),
  /** Of a trained one. */
  trained: z
    .strictObject({
      at: Timestamp,
      treebank: z.string(),
      source: z.string(),
      files: z.array(z.strictObject({ name: z.string(), sha256: z.string(), bytes: z.int() })),
      sentences: z.int(),
      words: z.int(),
      isLowerCase: z.boolean(),
      sha256: z.string(),
      bytes: z.int(),
    })
    .nullable(),
  /** Of a trained one, on its held-out part. */
  accuracy: TaggerAccuracy.nullable(),
  /** From raw text, on the treebank that `measuredOn` names; null where nobody has measured it. */
  setF1: z.number().nullable(),
  measuredOn: z.string(),
})
export type GlossProvider = z.infer<typeof GlossProvider>

export const GLOSS_REASONS = ['rule', 'pos', 'stop', 'keep', 'corrected', 'rare', 'frequent'] as const

export const GlossToken = z.strictObject({
  surface: z.string(),
  /** Which of the same words in its sentence this is, from 0. */
  occurrence: z.int().nonnegative(),
  lemma: z.string(),
  /** Null: it was imported as a pseudo-gloss, without its word. */
  pos: Upos.nullable(),
  /** Null: dropped. */
  gloss: z.string().nullable(),
  /** Why it is kept or dropped; `frequent` is kept and no target, `rare` is in no vocabulary. */
  reason: z.enum(GLOSS_REASONS),
  isUnsure: z.boolean(),
  /** A user said something about it: here, or about this word everywhere. */
  corrected: z.enum(['here', 'everywhere']).nullable(),
})
export type GlossToken = z.infer<typeof GlossToken>

export const GlossSentence = z.strictObject({
  referenceId: ReferenceId,
  clipId: ClipId,
  clip: z.string(),
  split: z.string(),
  text: z.string(),
  tokens: z.array(GlossToken),
  /** In the order of the sentence, with repeats. */
  glosses: z.array(z.string()),
  /** What a model is trained to find: each once, without the too frequent. */
  targets: z.array(z.string()),
  /** Who tagged it. */
  source: z.string(),
  isImported: z.boolean(),
  /** Words of corrections that the sentence no longer has. */
  unplaced: z.array(z.string()),
})
export type GlossSentence = z.infer<typeof GlossSentence>

export const GlossEffect = z.strictObject({
  sentences: z.int(),
  uniqueSentences: z.int(),
  /** References in the language that nobody has tagged yet, or that have changed since. */
  untagged: z.int(),
  /** Tagged by another tagger of this program than the setting names. */
  otherTagger: z.int(),
  tokens: z.int(),
  /** Glosses with repeats. */
  kept: z.int(),
  vocabulary: z.int(),
  meanPerSentence: z.number(),
  sentencesWithout: z.int(),
  frequent: z.array(z.string()),
  rare: z.int(),
  corrections: z.int(),
  imported: z.int(),
  /** What a vocabulary of all splits would have beside this one: words that training must not know. */
  leak: z.strictObject({ vocabulary: z.int(), onlyOutside: z.int(), splits: z.array(z.string()) }),
  pos: z.array(z.strictObject({ pos: Upos, tokens: z.int() })),
})
export type GlossEffect = z.infer<typeof GlossEffect>

export const VocabularyGloss = z.strictObject({
  gloss: z.string(),
  /** Among the sorted glosses: what export numbers them by. */
  id: z.int(),
  count: z.int(),
  /** Sentences that have it. */
  documents: z.int(),
  /** `count` by different sentences. */
  share: z.number(),
  isTarget: z.boolean(),
  pos: Upos.nullable(),
})
export type VocabularyGloss = z.infer<typeof VocabularyGloss>

const Range = {
  offset: z.int().nonnegative().default(0),
  limit: z.int().positive().max(1000).default(200),
}
const Path = z.string().min(1).max(4000)

export const GLOSS_FILTERS = ['all', 'corrected', 'unsure', 'without', 'imported', 'unplaced'] as const

export const GLOSS_FORMATS = ['conllu', 'spacy', 'tsv', 'pickle', 'csv', 'json'] as const

export const GlossImport = z.strictObject({
  files: z.array(Path).min(1).max(1000),
  format: z.enum(['auto', ...GLOSS_FORMATS]).default('auto'),
  /** Tool and model that made the tags, for provenance: `spaCy 3.7.4, de_core_news_lg 3.7.0`. */
  source: z.string().trim().max(300).default(''),
})
export type GlossImport = z.infer<typeof GlossImport>

export const TaggerTraining = z.strictObject({
  language: GlossLanguage,
  name: z.string().trim().min(1).max(80),
  files: z.array(Path).min(1).max(200),
  /** Scored and not learnt from; none: every tenth sentence of `files`. */
  testFiles: z.array(Path).max(200).default([]),
  treebank: z.string().trim().max(300).default(''),
  licence: z.string().trim().max(300).default(''),
  source: z.string().trim().max(1000).default(''),
  /** For text without capitals, as in PHOENIX-2014T: it reads all text in lower case. */
  isLowerCase: z.boolean().default(true),
  rounds: z.int().min(1).max(30).default(8),
})
export type TaggerTraining = z.infer<typeof TaggerTraining>

export const pseudoGloss = {
  providers: base.output(z.array(GlossProvider)),
  removeProvider: base.input(z.strictObject({ id: z.string() })).output(z.void()),
  /** What is in use; before anybody has chosen, what the references of the corpus suggest. */
  setting: base.output(GlossSetting),
  /** One edit. */
  saveSetting: base.input(GlossSetting).output(z.void()),
  /** The rule of Wong et al. for a language. */
  defaultRule: base.input(z.strictObject({ language: GlossLanguage })).output(GlossRule),
  /** What a setting would make of the sentences that are tagged; changes nothing. */
  effect: base.input(z.strictObject({ setting: GlossSetting.optional() })).output(GlossEffect),
  sentences: base
    .input(
      z.strictObject({
        ...Range,
        text: z.string().max(200).default(''),
        split: z.string().optional(),
        gloss: z.string().optional(),
        only: z.enum(GLOSS_FILTERS).default('all'),
      }),
    )
    .output(z.strictObject({ total: z.int(), rows: z.array(GlossSentence) })),
  /** Of the clip's reference in the language of the setting; tagged at once where it has not been. Null: it has none. */
  ofClip: base.input(z.strictObject({ clipId: ClipId })).output(GlossSentence.nullable()),
  /** Any sentence, by the rule of the setting or the default of another language. */
  ofText: base
    .input(
      z.strictObject({
        text: z.string().max(20_000),
        language: GlossLanguage.optional(),
        providerId: z.string().optional(),
      }),
    )
    .output(
      z.strictObject({ provider: GlossProvider, tokens: z.array(GlossToken), glosses: z.array(z.string()) }),
    ),
  /** One edit; absent fields stay as they are, null gives them back to the tagger and the rule. */
  correct: base
    .input(
      z.strictObject({
        referenceId: ReferenceId,
        surface: z.string().min(1),
        occurrence: z.int().nonnegative(),
        isKept: z.boolean().nullable().optional(),
        lemma: z.string().trim().min(1).max(200).nullable().optional(),
        pos: Upos.nullable().optional(),
        /** For this word in all sentences. */
        isEverywhere: z.boolean().default(false),
      }),
    )
    .output(z.void()),
  vocabulary: base
    .input(
      z.strictObject({
        ...Range,
        text: z.string().max(200).default(''),
        sort: z.enum(['gloss', 'count', 'documents', 'pos']).default('count'),
        descending: z.boolean().default(true),
      }),
    )
    .output(
      z.strictObject({
        total: z.int(),
        rows: z.array(VocabularyGloss),
        /** The count from which a gloss is no target. */
        line: z.number(),
      }),
    ),
  /** Tags what the tagger of the setting has not tagged as it now is; imported tags stay, unless `imported` is set. */
  tag: base.input(z.strictObject({ imported: z.boolean().default(false) })).output(Job),
  train: base.input(TaggerTraining).output(Job),
  import: base.input(GlossImport).output(Job),
  export: base
    .input(
      z.strictObject({
        file: Path,
        format: z.enum(['pickle', 'csv', 'json']),
        /** Sentences of these splits; empty: of all. The vocabulary is that of the setting. */
        splits: z.array(z.string()).default([]),
        overwrite: z.boolean().default(false),
      }),
    )
    .output(
      z.strictObject({ file: z.string(), provenance: z.string(), sentences: z.int(), glosses: z.int() }),
    ),
}
