import { agreement } from './agreement.ts'
import { analysis } from './analysis.ts'
import { annotate } from './annotate.ts'
import { annotationFiles } from './annotation-files.ts'
import { backups } from './backups.ts'
import { commands } from './commands.ts'
import { common } from './common.ts'
import { compare } from './compare.ts'
import { corpus } from './corpus.ts'
import { density } from './density.ts'
import { downloads } from './downloads.ts'
import { explanation } from './explanation.ts'
import { exporting } from './exporting.ts'
import { glossToText } from './gloss-to-text.ts'
import { history } from './history.ts'
import { home } from './home.ts'
import { importing } from './importing.ts'
import { jobs } from './jobs.ts'
import { keys } from './keys.ts'
import { localisation } from './localisation.ts'
import { merging } from './merging.ts'
import { models } from './models.ts'
import { predictions } from './predictions.ts'
import { report } from './report.ts'
import { published } from './published.ts'
import { pseudoGloss } from './pseudo-gloss.ts'
import { rating } from './rating.ts'
import { review } from './review.ts'
import { rights } from './rights.ts'
import { scores } from './scores.ts'
import { search } from './search.ts'
import { settings } from './settings.ts'
import { shell } from './shell.ts'
import { tasks } from './tasks.ts'
import { timeline } from './timeline.ts'
import { views } from './views.ts'

export const en = {
  agreement,
  analysis,
  annotate,
  annotationFiles,
  backups,
  commands,
  common,
  compare,
  corpus,
  density,
  downloads,
  explanation,
  exporting,
  glossToText,
  history,
  home,
  importing,
  jobs,
  keys,
  localisation,
  merging,
  models,
  predictions,
  report,
  published,
  pseudoGloss,
  rating,
  review,
  rights,
  scores,
  search,
  settings,
  shell,
  tasks,
  timeline,
  views,
}
