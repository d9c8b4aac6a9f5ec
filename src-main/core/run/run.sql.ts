/** Holds for a row of `run` whose outputs are sentences; those of recognition are glosses, which no sentence metric fits. */
export const WRITES_SENTENCES = `run.task NOT IN ('CSLR', 'ISLR')`
