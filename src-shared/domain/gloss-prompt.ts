/** Said first to a model that turns glosses into sentences. In English, whatever the window speaks: models follow it best. */
export const DEFAULT_SYSTEM =
  'You translate sign language glosses into {language}. Glosses are written in the order of signing. Answer with one {language} sentence and nothing else.'

/** Said for each clip. */
export const DEFAULT_TEMPLATE = '{glosses}'
