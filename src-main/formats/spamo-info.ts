/**
 * SpaMo's annotation files `{split}_info.npy` and `{split}_info_ml.npy`: a NumPy object array without dimensions
 * that holds one dictionary, numbered samples behind a text `prefix`.
 * (Hwang et al. 2025, "An Efficient Gloss-Free Sign Language Translation Using Spatial Configurations and Motion
 * Dynamics with LLMs"; the layout is that of CorrNet's preprocessing for PHOENIX-2014T and CSL-Daily.)
 */
import { AppError } from '#shared/contract/errors.ts'
import { readObjectPickle } from './pickle/object-array.ts'
import { plainValue, type PlainRecord, type PlainValue } from './pickle/plain-value.ts'
import { type Picklable, writeObjectNpy } from './pickle/write-pickle.ts'

export interface SpamoSample {
  /** Its number in the file. */
  index: number
  fileId: string
  /** Glob of the pictures below the frame root, or the path of a video. */
  folder: string
  signer: string
  /** `gloss`, or `label` in files made for recognition. */
  gloss: string
  text: string
  /** Null where the file does not say; some files write it as text. */
  frames: number | null
  /** Seconds inside the video (How2Sign); null: the whole file. */
  startSeconds: number | null
  endSeconds: number | null
  /** `en`, `de` … → machine translations that the multilingual files add. */
  translations: Record<string, string>
  originalInfo: string
  tag: string
}

export interface SpamoInfo {
  prefix: string | null
  samples: SpamoSample[]
  /** Numbers whose value is an empty dictionary: padding for loaders that drop the last sample. */
  padding: number[]
}

const MAGIC = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])

/** `dev_info_ml.npy` → `{ split: 'dev', isMultilingual: true }`; null for any other name. */
export function spamoInfoName(file: string): { split: string; isMultilingual: boolean } | null {
  const match = /^(.+?)_info(_ml)?\.npy$/i.exec(file)
  return match?.[1] ? { split: match[1], isMultilingual: match[2] !== undefined } : null
}

/** @throws AppError 'corrupt-file', or 'unsafe-file' where the pickle asks for anything but plain data */
export function readSpamoInfo(bytes: Uint8Array, file: string): SpamoInfo {
  const content = plainValue(readObjectPickle(pickleOf(bytes, file), file), file)
  if (!isRecord(content)) throw wrong(file, 'holds no dictionary of samples')
  const samples: SpamoSample[] = []
  const padding: number[] = []
  let prefix: string | null = null
  for (const [key, value] of Object.entries(content)) {
    if (key === 'prefix') prefix = text(value)
    else if (!/^\d+$/.test(key)) throw wrong(file, `has the entry “${key.slice(0, 40)}”, which is no sample`)
    else if (!isRecord(value)) throw wrong(file, `has no dictionary as sample ${key}`)
    else if (Object.keys(value).length === 0) padding.push(Number(key))
    else samples.push(sampleOf(Number(key), value, file))
  }
  return { prefix, samples: samples.sort((a, b) => a.index - b.index), padding }
}

/** The part of the file behind NumPy's header. */
function pickleOf(bytes: Uint8Array, file: string): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (buffer.length === 0) throw wrong(file, 'is empty (0 bytes)')
  if (!buffer.subarray(0, MAGIC.length).equals(MAGIC)) throw wrong(file, 'is no NumPy file')
  const isLong = (buffer[6] ?? 0) >= 2
  const start = isLong ? 12 : 10
  const end =
    buffer.length < start ? Infinity : start + (isLong ? buffer.readUInt32LE(8) : buffer.readUInt16LE(8))
  if (buffer.length < end) throw wrong(file, 'is cut off in its header')
  const header = buffer.toString('latin1', start, end)
  if (!/'descr':\s*'\|?O\d?'/.test(header))
    throw wrong(file, 'holds an array of numbers; annotations are an array of Python objects')
  return buffer.subarray(end)
}

function sampleOf(index: number, sample: PlainRecord, file: string): SpamoSample {
  const fileId = text(sample['fileid'])
  if (fileId === '') throw wrong(file, `has no “fileid” in sample ${index}`)
  const original = sample['original_info'] ?? ''
  const times = isRecord(original) ? original : {}
  return {
    index,
    fileId,
    folder: text(sample['folder']),
    signer: text(sample['signer']),
    gloss: text(sample['gloss'] ?? sample['label']),
    text: text(sample['text']),
    frames: wholeNumber(sample['num_frames'], `num_frames of sample ${index}`, file),
    startSeconds: seconds(times['START_REALIGNED'] ?? times['START']),
    endSeconds: seconds(times['END_REALIGNED'] ?? times['END']),
    translations: translationsOf(sample),
    originalInfo: isRecord(original) ? '' : text(original),
    tag: text(sample['tag']),
  }
}

/** `en_text` → `en`. Zero-width spaces are left over from the translation service. */
function translationsOf(sample: PlainRecord): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [key, value] of Object.entries(sample)) {
    const language = /^([a-z]{2,3})_text$/.exec(key)?.[1]
    if (language !== undefined) found[language] = text(value).replaceAll('\u200b', '').trim()
  }
  return found
}

function wholeNumber(value: PlainValue | undefined, what: string, file: string): number | null {
  if (value === undefined || value === null || value === '') return null
  const number = Number(value)
  if (!Number.isSafeInteger(number) || number < 0) throw wrong(file, `has “${String(value)}” as ${what}`)
  return number
}

function seconds(value: PlainValue | undefined): number | null {
  const number = value === undefined || value === null || value === '' ? NaN : Number(value)
  return Number.isFinite(number) ? number : null
}

function text(value: PlainValue | undefined): string {
  if (value === undefined || value === null || typeof value === 'object') return ''
  return String(value).trim()
}

function isRecord(value: PlainValue | undefined): value is PlainRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A sample to write; what a clip does not have is left out. */
export interface SpamoEntry {
  fileId: string
  folder: string
  signer: string
  gloss: string
  text: string
  frames: number
  /** A line of the corpus' table; of a span of a longer video (How2Sign) the table's columns, times in seconds. */
  originalInfo: string | ReadonlyMap<string, Picklable>
  tag: string
  /** Language → text; written to the multilingual file only. */
  translations?: Record<string, string>
}

/** The bytes of an annotation file. Loaders take one less than the number of entries: `prefix` has to be there. */
export function writeSpamoInfo(
  prefix: string,
  entries: readonly SpamoEntry[],
  isMultilingual: boolean,
): Buffer {
  const content = new Map<string | number, Picklable>([['prefix', prefix]])
  entries.forEach((entry, index) => content.set(index, pickledEntry(entry, isMultilingual)))
  return writeObjectNpy(content)
}

function pickledEntry(entry: SpamoEntry, isMultilingual: boolean): ReadonlyMap<string, Picklable> {
  const sample = new Map<string, Picklable>([
    ['fileid', entry.fileId],
    ['folder', entry.folder],
    ['signer', entry.signer],
    ['gloss', entry.gloss],
    ['text', entry.text],
    ['num_frames', entry.frames],
    ['original_info', entry.originalInfo],
    ['tag', entry.tag],
  ])
  if (isMultilingual)
    for (const [language, translation] of Object.entries(entry.translations ?? {}))
      sample.set(`${language}_text`, translation)
  return sample
}

function wrong(file: string, what: string): AppError {
  return new AppError(
    'corrupt-file',
    `${file} ${what}. Choose a file that SpaMo's preprocessing wrote (train_info.npy, dev_info_ml.npy …).`,
    { details: { file } },
  )
}
