import type {
  CtcDecoding,
  PredictionPreview,
  PredictionRole,
  PredictionSource,
  ReferenceChoice,
} from '#shared/contract/predictions.ts'
import type { TaskType } from '#shared/domain/task-type.ts'
import type { TextEncoding } from '#shared/domain/text-encodings.ts'
import { useApi } from '../../api/client.ts'
import { useTableImport } from './use-table-import.ts'

export interface PredictionForm {
  source: string
  format: PredictionSource['format']
  run: string
  task: TaskType
  names: string
  references: string
  split: string
  language: string
  encoding: '' | TextEncoding
  /** Empty: as the core guesses. */
  columns: PredictionRole[]
  referenceChoice: ReferenceChoice
  makeClips: boolean
  decoding: CtcDecoding['decoding']
  beams: number
  vocabulary: string
  /** Empty: as the file says. */
  stride: string
}

const BLANK: PredictionForm = {
  source: '',
  format: 'auto',
  run: '',
  task: 'S2T',
  names: '',
  references: '',
  split: '',
  language: '',
  encoding: '',
  columns: [],
  referenceChoice: 'keep',
  makeClips: false,
  decoding: 'beam',
  beams: 10,
  vocabulary: '',
  stride: '',
}

/** What the form says, without what it leaves open. */
export function predictionSource(form: PredictionForm): PredictionSource {
  const { format, task, columns, encoding, referenceChoice, makeClips } = form
  const filled = (key: 'run' | 'names' | 'split' | 'language') =>
    form[key].trim() && { [key]: form[key].trim() }
  return {
    source: form.source.trim(),
    format,
    task,
    references: form.references.trim() ? [form.references.trim()] : [],
    referenceChoice,
    makeClips,
    ctc: {
      decoding: form.decoding,
      beams: form.beams,
      ...(form.vocabulary.trim() && { vocabulary: form.vocabulary.trim() }),
      ...(Number(form.stride) > 0 && { stride: Number(form.stride) }),
    },
    ...filled('run'),
    ...filled('names'),
    ...filled('split'),
    ...filled('language'),
    ...(columns.length > 0 && { columns: [...columns] }),
    ...(encoding && { encoding }),
  }
}

/** The state of an import of predictions. */
export function usePredictions() {
  const { importing } = useApi()
  return useTableImport<PredictionRole, PredictionForm, PredictionPreview>({
    blank: BLANK,
    forgotten: patch => (['source', 'format', 'encoding'].some(key => key in patch) ? { columns: [] } : {}),
    preview: (form, signal) => importing.previewPredictions(predictionSource(form), { signal }),
    start: form => importing.startPredictions(predictionSource(form)),
    importable: ({ counts }) => counts.imported + counts.repaired,
  })
}
