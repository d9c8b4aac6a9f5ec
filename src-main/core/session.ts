import type { Job } from '#shared/contract/job.ts'
import type { EngineClient } from '../engine/client.ts'
import { createAgreementService } from './agreement/agreement.service.ts'
import { createAnalysisService } from './analysis/analysis.service.ts'
import { createAnnotationService } from './annotation/annotation.service.ts'
import { createAnnotationFilesService } from './annotation-files/annotation-files.service.ts'
import { workerActs } from './annotation-files/worker-acts.ts'
import { createBulkService } from './annotation/bulk/bulk.service.ts'
import { createSentenceMirror } from './annotation/linked-sentences.ts'
import { createTierLayout } from './annotation/tier-layout.ts'
import { createClipService } from './clip/clip.service.ts'
import { findFact } from './corpus/corpus.queries.ts'
import type { OpenCorpus } from './corpus/open-corpus.ts'
import { createDensityService, type DensityDeps } from './density/density.service.ts'
import type { DeviceService } from './device/device.service.ts'
import type { DownloadService } from './download/download.service.ts'
import type { CorpusContext } from './context.ts'
import { createEditing, type Editing } from './edit/edit.service.ts'
import type { Emitter } from './emitter.ts'
import { createScoresService } from './evaluation/scores.service.ts'
import { type FindTokenizer, tokenizersOf } from './evaluation/tokenizer-of.ts'
import { createEvaluationService } from './evaluation/evaluation.service.ts'
import type { Generator } from './export/export-dataset.ts'
import { createExportService } from './export/export.service.ts'
import { createFeatureService } from './feature/feature.service.ts'
import { createHistoryService } from './history/history.service.ts'
import { createImportService } from './import/import.service.ts'
import { createPredictionsService } from './import/predictions/predictions.service.ts'
import { createJobService } from './job/job.service.ts'
import { createMediaService } from './media/media.service.ts'
import { createRecordingMedia } from './media/recording-media.ts'
import { createMergeService } from './merge/merge.service.ts'
import type { ConversionService } from './model/conversion.service.ts'
import { createLocalisationService } from './localisation/localisation.service.ts'
import type { ModelService } from './model/model.service.ts'
import { createCampaignService } from './rating/campaign/campaign.service.ts'
import { createJudgingService } from './rating/campaign/judging.service.ts'
import { createPseudoGlossService } from './pseudo-gloss/pseudo-gloss.service.ts'
import { createGlossToTextService } from './gloss-to-text/gloss-to-text.service.ts'
import type { ApiKeys } from './gloss-to-text/api-keys.ts'
import type { LanguageTools } from './pseudo-gloss/language-tools.ts'
import { createRatingFiles } from './rating/files/rating-files.service.ts'
import { createRatingService } from './rating/rating.service.ts'
import { createMetricsAgainstPeople } from './rating/results/metrics-against-people.ts'
import { createRatingResults } from './rating/results/results.service.ts'
import { createReviewQueue } from './rating/review-queue.ts'
import { createRecordingService } from './recording/recording.service.ts'
import { createReferenceService } from './reference/reference.service.ts'
import { createExplanationService } from './run/explanation.service.ts'
import { createConsentService } from './rights/consent.service.ts'
import { createLicenceService } from './rights/licence.service.ts'
import { createReportService, type PrintPdf } from './report/report.service.ts'
import { createRunService } from './run/run.service.ts'
import { createSuggestionService } from './suggestion/suggestion.service.ts'
import { createSearchService } from './search/search.service.ts'
import { createVocabularyService } from './vocabulary/vocabulary.service.ts'
import { createHandlers } from './work/handlers.ts'
import { createPlayback } from './work/playback.ts'
import { createWorkService } from './work/work.service.ts'

export interface SessionDeps {
  engine: EngineClient
  models: ModelService
  downloads: DownloadService
  conversions: ConversionService
  devices: DeviceService
  language: LanguageTools
  version: string
  printPdf?: PrintPdf | undefined
  /** The address in the settings that gloss-to-text asks; empty: none. */
  glossEndpoint: () => string
  keys: ApiKeys
  jobChanges: Emitter<Job>
}

/** All services of the corpus that is open. */
export function createSession(corpus: OpenCorpus, deps: SessionDeps) {
  const { engine, models, version, jobChanges } = deps
  const { context } = corpus
  const editing = createEditing(context, { alsoDo: createSentenceMirror(context) })
  const { bulk, acts, annotationFiles } = createAnnotationWork(context, editing)
  const releasing = { generator: { name: 'Signwright', version }, findTokenizer: tokenizersOf(models) }
  const scores = createEvaluationWork(context, { editing, ...releasing })
  const media = createMediaService(context)
  const transfers = createTransfers(context, { editing, ...releasing })
  const sources = { sourceOf: media.sourceOf, verify: media.verifyClip }
  const features = createFeatureService(context, { engine, ...sources })
  const inquiries = createInquiries(context, { engine, models, features })
  const runs = createRunService(context, editing)
  const pseudoGlosses = createPseudoGlossService(context, { ...deps, editing })
  const handlers = createHandlers(context, {
    ...deps,
    features,
    ...transfers,
    media,
    annotationFiles,
    pseudoGlosses,
  })
  const jobs = createJobService(context, handlers)
  const editors = createEditors(context, { editing, ...scores })
  const isDemo = () => findFact(context.db, 'demo') !== undefined
  const offJobs = jobs.changes.on(jobChanges.emit)

  async function close(): Promise<void> {
    await jobs.close()
    offJobs()
    pseudoGlosses.close()
    await media.close()
    await acts.close()
    await inquiries.close()
    await scores.scoring.close()
    await corpus.close()
  }

  return {
    corpus,
    edits: editing,
    ...editors,
    bulk,
    annotationFiles,
    media,
    ...inquiries.services,
    recordings: createRecordingService(context),
    recordingMedia: createRecordingMedia(context, { editing }),
    ...transfers,
    reports: createReportService(context, releasing, deps.printPdf),
    ...scores,
    runs,
    pseudoGlosses,
    explanations: createExplanationService(context),
    localisation: createLocalisationService(context, { ...deps, features, pseudoGlosses, ...editors }),
    jobs,
    glossToText: createGlossToTextService(context, { ...deps, jobs, runs }),
    playback: createPlayback(context, { jobs, media }),
    work: createWorkService(context, { jobs, models, runs, isDemo }),
    close,
  }
}

/** The services that answer questions about the whole corpus. */
function createInquiries(context: CorpusContext, deps: DensityDeps) {
  const analysis = createAnalysisService(context)
  const density = createDensityService(context, deps)
  const search = createSearchService(context)
  return {
    services: { agreement: createAgreementService(context), analysis, density, search },
    close: async () => void (await Promise.all([analysis.close(), density.close()])),
  }
}

interface TransferDeps {
  editing: Editing
  generator: Generator
  findTokenizer: FindTokenizer
}

function createTransfers(context: CorpusContext, { editing, generator, findTokenizer }: TransferDeps) {
  return {
    imports: createImportService(context),
    predictions: createPredictionsService(context, { editing }),
    exports: createExportService(context, generator, findTokenizer),
  }
}

function createEvaluationWork(context: CorpusContext, deps: Pick<TransferDeps, 'editing' | 'findTokenizer'>) {
  return {
    evaluation: createEvaluationService(context),
    scoring: createScoresService(context, deps),
  }
}

function createAnnotationWork(context: CorpusContext, editing: Editing) {
  const bulk = createBulkService(context, { editing })
  const acts = workerActs(context)
  return { bulk, acts, annotationFiles: createAnnotationFilesService(context, { bulk, acts }) }
}

interface EditorDeps {
  editing: Editing
  evaluation: ReturnType<typeof createEvaluationService>
}

/** The services through which people change what they see. */
function createEditors(context: CorpusContext, { editing, evaluation }: EditorDeps) {
  const references = createReferenceService(context, { editing })
  const annotations = createAnnotationService(context, { editing })
  const { ensureSentenceScores } = evaluation
  const clips = createClipService(context, { editing, ensureSentenceScores })
  return {
    clips,
    reviewQueue: createReviewQueue(context, {
      clipIds: filter => clips.ids({ filter, sort: 'name', descending: false }),
      ensureSentenceScores,
    }),
    references,
    ratings: createRatingService(context, { editing }),
    campaigns: createCampaignService(context, { editing }),
    judging: createJudgingService(context, { editing }),
    ratingFiles: createRatingFiles(context, { editing }),
    ...createRatingReports(context),
    annotations,
    suggestions: createSuggestionService(context, { editing, annotations }),
    tierLayout: createTierLayout(context),
    vocabularies: createVocabularyService(context, { editing }),
    consents: createConsentService(context, { editing }),
    licences: createLicenceService(context, { editing }),
    merge: createMergeService(context, { editing }),
    history: createHistoryService(context, { editing, annotations, references }),
  }
}

function createRatingReports(context: CorpusContext) {
  const ratingResults = createRatingResults(context)
  return {
    ratingResults,
    metricsAgainstPeople: createMetricsAgainstPeople(context, { results: ratingResults }),
  }
}

export type Session = ReturnType<typeof createSession>
