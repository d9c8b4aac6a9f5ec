import { basename } from 'node:path'
import type { RecordingRow } from '#shared/contract/recording.ts'
import type { CorpusContext } from '../context.ts'
import { listMediaByRecording, listRecordings } from './recording.queries.ts'

export function createRecordingService({ db }: CorpusContext) {
  function list(): RecordingRow[] {
    const media = Map.groupBy(listMediaByRecording(db), ({ recordingId }) => recordingId)
    return listRecordings(db).map(recording => ({
      ...recording,
      media: (media.get(recording.id) ?? []).map(({ id, path }) => ({ id, name: basename(path) })),
    }))
  }

  return { list }
}
