import { basename } from 'node:path'
import type { AnnotationImport } from '#shared/contract/annotation-file.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { AnnotationFilesService } from '../annotation-files/annotation-files.service.ts'
import type { JobControl, JobOutcome } from '../job/handler.ts'

/** Reads annotation files one after the other, and tells of each what came of it. */
export async function importAnnotations(
  files: AnnotationFilesService,
  options: AnnotationImport,
  control: JobControl,
): Promise<JobOutcome> {
  let failed = 0
  await files.run(options, {
    signal: control.signal,
    onFile: ({ file, result, done, total }) => {
      control.progress(done, total)
      const name = basename(file)
      if (result === 'known') return control.log('info', `${name}: is in the corpus already.`)
      if (result instanceof AppError) {
        failed += 1
        return control.log('error', result.message)
      }
      const { annotations, tiers, clips, missing, notes, problems } = result
      control.log('info', `${name}: ${annotations} annotations on ${tiers} tiers, ${clips} clips.`)
      for (const note of notes) control.log('info', note)
      for (const problem of problems) control.log('warning', problem)
      for (const { url } of missing)
        control.log('warning', `${name}: ${url} was not found. Link it on the recording.`)
      return undefined
    },
  })
  if (failed > 0) control.warn(`${failed} files could not be read; the log of this job names the reasons.`)
  return {}
}
