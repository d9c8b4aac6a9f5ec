import { AppError } from '#shared/contract/errors.ts'
import type { RunId } from '#shared/contract/ids.ts'
import type { Run, RunOutput } from '#shared/contract/run.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import { announce, type CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { findRunNamed, listBestOutputs, listRuns, removeRun, type RunRecord } from './run.queries.ts'
import { requireRun } from './run-tasks.ts'

function asRun({ parameters, translated, ...run }: RunRecord): Run {
  return {
    ...run,
    parameters: JSON.parse(parameters) as Record<string, unknown>,
    isComplete: translated >= run.clips,
  }
}

export function createRunService(context: CorpusContext, edits: Editing) {
  const { db } = context

  const require = (id: RunId): RunRecord => requireRun(db, id)

  function assertFree(name: string): void {
    if (findRunNamed(db, name))
      throw new AppError('conflict', `There is a run named "${name}" already. Choose another name.`)
  }

  function rename({ runId, name }: { runId: RunId; name: string }): Run {
    const run = require(runId)
    if (run.name === name) return asRun(run)
    assertFree(name)
    edits.run(`Rename run ${run.name} to ${name}`, {}, tx => tx.update('run', runId, { name }))
    announce(context, 'run')
    return asRun(require(runId))
  }

  function setTask({ runId, task }: { runId: RunId; task: TaskType }): Run {
    const run = require(runId)
    if (run.task !== task) {
      edits.run(`Label run ${run.name} as ${task}`, {}, tx => tx.update('run', runId, { task }))
      announce(context, 'run')
    }
    return asRun(require(runId))
  }

  function remove(runId: RunId): void {
    require(runId)
    removeRun(db, runId)
    announce(context, 'run')
  }

  /** `wanted`, or with a number behind it where that name is taken. */
  function freeName(wanted: string): string {
    for (let at = 1; ; at++) {
      const name = at === 1 ? wanted : `${wanted} (${at})`
      if (!findRunNamed(db, name)) return name
    }
  }

  const list = (): Run[] => listRuns(db).map(asRun)

  function outputs(runId: RunId): RunOutput[] {
    require(runId)
    return listBestOutputs(db, runId)
  }

  return { list, outputs, rename, setTask, remove, freeName, assertFree }
}

export type RunService = ReturnType<typeof createRunService>
