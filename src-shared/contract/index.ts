import { agreement } from './agreement.ts'
import { analysis } from './analysis.ts'
import { annotation, edit } from './annotation.ts'
import { annotationFile } from './annotation-file.ts'
import { app } from './app.ts'
import { campaign } from './campaign.ts'
import { clip, reference } from './clip.ts'
import { corpus } from './corpus.ts'
import { density } from './density.ts'
import { download } from './download.ts'
import { evaluation } from './evaluation.ts'
import { glossToText } from './gloss-to-text.ts'
import { history } from './history.ts'
import { job } from './job.ts'
import { localisation } from './localisation.ts'
import { media } from './media.ts'
import { merging } from './merge.ts'
import { model } from './model.ts'
import { rating } from './rating.ts'
import { pseudoGloss } from './pseudo-gloss.ts'
import { published } from './published.ts'
import { recording } from './recording.ts'
import { consent, licence } from './rights.ts'
import { report } from './report.ts'
import { run } from './run.ts'
import { search } from './search.ts'
import { suggestion } from './suggestion.ts'
import { exporting, importing } from './transfer.ts'
import { vocabulary } from './vocabulary.ts'

/** The only declaration of what core and renderer say to each other. */
export const contract = {
  app,
  corpus,
  media,
  recording,
  clip,
  reference,
  rating,
  campaign,
  agreement,
  evaluation,
  annotation,
  annotationFile,
  vocabulary,
  edit,
  history,
  merging,
  job,
  model,
  download,
  run,
  analysis,
  published,
  consent,
  licence,
  search,
  localisation,
  density,
  pseudoGloss,
  glossToText,
  suggestion,
  importing,
  exporting,
  report,
}

export type Contract = typeof contract
