import { join } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import { PublishedResults } from '#shared/contract/published.ts'
import { readText } from '../json-file.ts'

/** The published results that come with the program. */
export function readPublishedResults(resourcesDir: string): PublishedResults {
  const file = join(resourcesDir, 'published', 'results.json')
  const text = readText(file)
  if (text === undefined)
    throw new AppError('not-found', `${file} is missing from the program. Install it again.`, {
      details: { file },
    })
  return PublishedResults.parse(JSON.parse(text))
}
