import type { Migration } from '../types.ts'
import { firstTables } from './0001-first-tables.ts'
import { predictionsAndAbsentMedia } from './0002-predictions-and-absent-media.ts'
import { downloadsAndQuestions } from './0003-downloads-and-questions.ts'
import { annotationModel } from './0004-annotation-model.ts'
import { hypothesisAttention } from './0005-hypothesis-attention.ts'
import { editMoves } from './0006-edit-moves.ts'
import { entryLooks } from './0007-entry-looks.ts'
import { rights } from './0008-rights.ts'
import { annotationValues } from './0009-annotation-values.ts'
import { sign2gptFeatures } from './0010-sign2gpt-features.ts'
import { ratingCampaigns } from './0011-rating-campaigns.ts'
import { pseudoGlosses } from './0012-pseudo-glosses.ts'
import { sentencesOfTiers } from './0013-sentences-of-tiers.ts'
import { suggestions } from './0014-suggestions.ts'
import { evaluation } from './0015-evaluation.ts'
import { runTasks } from './0016-run-tasks.ts'
import { glossToTextJobs } from './0017-gloss-to-text-jobs.ts'
import { errorComments } from './0018-error-comments.ts'
import { clipOrigins } from './0019-clip-origins.ts'
import { writtenReleases } from './0020-written-releases.ts'
import { ctcLattices } from './0021-ctc-lattices.ts'
import { searchIndex } from './0022-search-index.ts'
import { bestOutputsIndex } from './0023-best-outputs-index.ts'

/** History: appended to, never changed. */
export const MIGRATIONS: readonly Migration[] = [
  firstTables,
  predictionsAndAbsentMedia,
  downloadsAndQuestions,
  annotationModel,
  hypothesisAttention,
  editMoves,
  entryLooks,
  rights,
  annotationValues,
  sign2gptFeatures,
  ratingCampaigns,
  pseudoGlosses,
  sentencesOfTiers,
  suggestions,
  evaluation,
  runTasks,
  glossToTextJobs,
  errorComments,
  clipOrigins,
  writtenReleases,
  ctcLattices,
  searchIndex,
  bestOutputsIndex,
]
