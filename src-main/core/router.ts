import { implement, ORPCError } from '@orpc/server'
import { contract } from '#shared/contract/index.ts'
import { AppError, toWireError } from '#shared/contract/errors.ts'
import type { JobId } from '#shared/contract/ids.ts'
import { MACHINE_JOB_IDS_FROM } from '#shared/contract/job.ts'
import { asExpected } from '../db/failures.ts'
import { annotationRoutes } from './annotation/annotation.routes.ts'
import type { Log } from './context.ts'
import { previewBackup } from './corpus/backup-preview.ts'
import { backupsOf } from './corpus/restore.ts'
import { exportSpamo } from './export/export-spamo.ts'
import type { JobService } from './job/job.service.ts'
import { historyRoutes } from './history/history.routes.ts'
import { inquiryRoutes } from './inquiry-routes.ts'
import { pseudoGlossRoutes } from './pseudo-gloss/pseudo-gloss.routes.ts'
import { ratingRoutes } from './rating/rating.routes.ts'
import { rightsRoutes } from './rights/rights.routes.ts'
import { modelRoutes } from './model/model.routes.ts'
import type { Session } from './session.ts'
import type { Workspace } from './workspace.ts'

const DEFINED = Object.keys(contract.app.info['~orpc'].errorMap)

/** Expected failures keep their code and words; everything else becomes 'internal' with a reference into the log. */
function asWire(error: unknown, log: Log): unknown {
  if (error instanceof ORPCError) return error
  const wire = toWireError(error, bug => {
    const reference = Math.random().toString(36).slice(2, 10)
    log.error({ err: bug, reference }, 'bug')
    return reference
  })
  return new ORPCError(wire.code, {
    message: wire.message,
    data: wire.details,
    defined: DEFINED.includes(wire.code),
  })
}

function implementer(workspace: Workspace, log: Log) {
  const told = (error: unknown) =>
    asWire(asExpected(error, workspace.session()?.corpus.context.dir ?? 'the corpus'), log)
  return implement(contract).use(async ({ next }) => {
    try {
      const result = await next()
      return isStream(result.output) ? { ...result, output: withToldErrors(result.output, told) } : result
    } catch (error) {
      throw told(error)
    }
  })
}

function isStream(output: unknown): output is AsyncGenerator<unknown, unknown, void> {
  return typeof output === 'object' && output !== null && Symbol.asyncIterator in output
}

/** A stream fails while it is read, when the call that made it has long succeeded. */
async function* withToldErrors(
  events: AsyncGenerator<unknown, unknown, void>,
  told: (error: unknown) => unknown,
) {
  try {
    return yield* events
  } catch (error) {
    throw told(error)
  }
}

export type Os = ReturnType<typeof implementer>
export type CurrentSession = () => Session

function currentSession(workspace: Workspace): Session {
  const open = workspace.session()
  if (open) return open
  throw new AppError('no-corpus', 'No corpus is open. Open one on the Home screen, or make the demo corpus.')
}

/** The queue that holds the job: that of the machine, or of the open corpus. */
export function jobsWith(workspace: Workspace, id: JobId): JobService {
  return id >= MACHINE_JOB_IDS_FROM ? workspace.machine.jobs() : currentSession(workspace).jobs
}

/** The contract's handlers: each hands its parsed input to one service and returns what that says. */
export function createRouter(workspace: Workspace, log: Log) {
  const os = implementer(workspace, log)
  const session = () => currentSession(workspace)
  return os.router({
    app: appRoutes(os, workspace),
    corpus: corpusRoutes(os, workspace, session),
    ...clipRoutes(os, session),
    ...annotationRoutes(os, session),
    ...historyRoutes(os, session),
    ...inquiryRoutes(os, workspace, session),
    ...workRoutes(os, workspace, session),
    ...ratingRoutes(os, session),
    ...rightsRoutes(os, session),
    ...pseudoGlossRoutes(os, workspace, session),
    ...transferRoutes(os, session),
    ...downloadRoutes(os, workspace),
  })
}

function appRoutes({ app }: Os, workspace: Workspace) {
  return {
    info: app.info.handler(() => workspace.app.info()),
    settings: app.settings.handler(() => workspace.app.settings()),
    saveSettings: app.saveSettings.handler(({ input }) => workspace.app.saveSettings(input)),
    devices: app.devices.handler(({ input }) => workspace.deviceReports(input.again)),
    browse: app.browse.handler(({ input }) => workspace.app.browse(input)),
    reportBug: app.reportBug.handler(({ input }) => workspace.app.reportBug(input)),
  }
}

function corpusRoutes({ corpus }: Os, workspace: Workspace, session: CurrentSession) {
  return {
    recent: corpus.recent.handler(() => workspace.recent()),
    current: corpus.current.handler(() => workspace.session()?.corpus.summary() ?? null),
    create: corpus.create.handler(({ input }) => workspace.create(input)),
    open: corpus.open.handler(({ input }) => workspace.open(input.dir)),
    demo: corpus.demo.handler(({ input }) => workspace.demo(input.dir)),
    close: corpus.close.handler(() => workspace.close()),
    forget: corpus.forget.handler(({ input }) => workspace.forget(input.dir)),
    backups: corpus.backups.handler(() => session().corpus.backups()),
    backupsOf: corpus.backupsOf.handler(({ input }) => backupsOf(input.dir)),
    previewBackup: corpus.previewBackup.handler(({ input }) => previewBackup(input.file)),
    backup: corpus.backup.handler(() => session().corpus.backup()),
    restore: corpus.restore.handler(({ input }) => workspace.restore(input.file)),
    changes: corpus.changes.handler(({ signal }) => workspace.changes.iterate(signal)),
  }
}

function clipRoutes({ clip, reference, media, recording }: Os, session: CurrentSession) {
  return {
    media: {
      get: media.get.handler(({ input }) => session().media.get(input.mediaId)),
      ofRecording: media.ofRecording.handler(({ input }) =>
        session().recordingMedia.ofRecording(input.recordingId),
      ),
      setOffset: media.setOffset.handler(({ input }) =>
        session().recordingMedia.setOffset(input.mediaId, input.offsetMs),
      ),
      add: media.add.handler(({ input, signal }) => session().recordingMedia.add(input, signal)),
      remove: media.remove.handler(({ input }) => session().recordingMedia.remove(input.mediaId)),
      missing: media.missing.handler(() => session().media.missing()),
      frameTimes: media.frameTimes.handler(({ input }) => session().media.frameTimes(input.mediaId)),
      curves: media.curves.handler(({ input, signal }) => session().media.curves(input.mediaId, signal)),
      preparePlayback: media.preparePlayback.handler(({ input, signal }) =>
        session().playback.prepare(input.mediaId, signal),
      ),
      relink: media.relink.handler(({ input }) => session().media.relink(input)),
    },
    recording: {
      list: recording.list.handler(() => session().recordings.list()),
    },
    clip: {
      list: clip.list.handler(({ input }) => session().clips.list(input)),
      rows: clip.rows.handler(({ input }) => session().clips.rows(input.clipIds)),
      ids: clip.ids.handler(({ input }) => session().clips.ids(input)),
      ofRecording: clip.ofRecording.handler(({ input }) => session().clips.ofRecording(input.recordingId)),
      get: clip.get.handler(({ input }) => session().clips.get(input.clipId)),
      update: clip.update.handler(({ input }) => session().clips.update(input)),
    },
    reference: {
      save: reference.save.handler(({ input }) => session().references.save(input)),
      remove: reference.remove.handler(({ input }) => session().references.remove(input.referenceId)),
      history: reference.history.handler(({ input }) => session().references.history(input.referenceId)),
    },
  }
}

function workRoutes(
  { job, model, run, localisation, glossToText }: Os,
  workspace: Workspace,
  session: CurrentSession,
) {
  const jobs = (id: JobId) => jobsWith(workspace, id)
  return {
    job: {
      list: job.list.handler(() => [
        ...workspace.machine.list(),
        ...(workspace.session()?.jobs.list() ?? []),
      ]),
      get: job.get.handler(({ input }) => jobs(input.jobId).get(input.jobId)),
      log: job.log.handler(({ input }) => jobs(input.jobId).log(input.jobId)),
      extract: job.extract.handler(({ input }) => session().work.extract(input)),
      translate: job.translate.handler(({ input }) => session().work.translate(input)),
      pause: job.pause.handler(({ input }) => jobs(input.jobId).pause(input.jobId)),
      resume: job.resume.handler(({ input }) => jobs(input.jobId).resume(input.jobId)),
      cancel: job.cancel.handler(({ input }) => jobs(input.jobId).cancel(input.jobId)),
      retry: job.retry.handler(({ input }) => jobs(input.jobId).retry(input.jobId)),
      answer: job.answer.handler(({ input }) => jobs(input.jobId).answer(input.jobId, input.goOn)),
      remove: job.remove.handler(({ input }) => jobs(input.jobId).remove(input.jobId)),
      changes: job.changes.handler(({ signal }) =>
        workspace.jobChanges.iterate(signal, changed => String(changed.id)),
      ),
    },
    ...modelRoutes({ model, localisation }, workspace, session),
    glossToText: {
      preview: glossToText.preview.handler(({ input }) => session().glossToText.preview(input)),
      start: glossToText.start.handler(({ input }) => session().glossToText.start(input)),
      key: glossToText.key.handler(() => session().glossToText.key()),
      saveKey: glossToText.saveKey.handler(({ input }) => session().glossToText.saveKey(input.key)),
    },
    run: {
      list: run.list.handler(() => session().runs.list()),
      outputs: run.outputs.handler(({ input }) => session().runs.outputs(input.runId)),
      rename: run.rename.handler(({ input }) => session().runs.rename(input)),
      remove: run.remove.handler(({ input }) => session().runs.remove(input.runId)),
      explanation: run.explanation.handler(({ input }) =>
        session().explanations.explanation(input.hypothesisId),
      ),
      setTask: run.setTask.handler(({ input }) => session().runs.setTask(input)),
      glossTiers: run.glossTiers.handler(() => session().evaluation.glossTiers()),
      score: run.score.handler(({ input }) => session().evaluation.score(input)),
      compare: run.compare.handler(({ input }) => session().evaluation.compare(input)),
    },
  }
}

function transferRoutes({ importing, exporting, report }: Os, session: CurrentSession) {
  return {
    importing: {
      preview: importing.preview.handler(({ input, signal }) => session().imports.preview(input, signal)),
      start: importing.start.handler(({ input }) => session().work.import(input)),
      previewPredictions: importing.previewPredictions.handler(({ input }) =>
        session().predictions.preview(input),
      ),
      startPredictions: importing.startPredictions.handler(({ input }) =>
        session().work.importPredictions(input),
      ),
    },
    exporting: {
      preview: exporting.preview.handler(({ input, signal }) => session().exports.preview(input, signal)),
      last: exporting.last.handler(() => session().exports.last()),
      start: exporting.start.handler(({ input }) => session().work.export(input)),
      spamo: exporting.spamo.handler(({ input }) => exportSpamo(session().corpus.context, input)),
    },
    report: {
      make: report.make.handler(({ input, signal }) => session().reports.make(input, signal)),
      write: report.write.handler(({ input, signal }) => session().reports.write(input, signal)),
    },
  }
}

function downloadRoutes({ download }: Os, workspace: Workspace) {
  return {
    download: {
      presets: download.presets.handler(() => workspace.downloads.presets()),
      preview: download.preview.handler(({ input, signal }) =>
        workspace.downloads.preview(input, signal ?? new AbortController().signal),
      ),
      start: download.start.handler(({ input }) => workspace.machine.download(input.plan)),
      list: download.list.handler(() => workspace.downloads.list()),
    },
  }
}
