import type { ColumnRole } from '#shared/contract/transfer.ts'

/** The re-aligned tables of How2Sign: tab-separated in spite of `.csv`; times in seconds of the whole video. */
const ROLE_OF_COLUMN: Readonly<Record<string, ColumnRole>> = {
  VIDEO_ID: 'ignore',
  VIDEO_NAME: 'file',
  SENTENCE_ID: 'ignore',
  SENTENCE_NAME: 'id',
  START: 'start',
  START_REALIGNED: 'start',
  END: 'end',
  END_REALIGNED: 'end',
  SENTENCE: 'text',
}

const NEEDED: readonly ColumnRole[] = ['file', 'id', 'start', 'end', 'text']

export const HOW2SIGN_LANGUAGE = 'en'

/** The meaning of the columns, or null where the header is not one of this corpus. */
export function how2SignColumns(header: readonly string[]): ColumnRole[] | null {
  const roles = header.map(name => ROLE_OF_COLUMN[name.trim()] ?? 'ignore')
  return NEEDED.every(role => roles.includes(role)) ? roles : null
}

/** `how2sign_realigned_val.csv` → `val`. */
export function how2SignSplit(fileName: string): string {
  return /(?:^|[_.-])(train|val|dev|test)(?=[_.-])/i.exec(fileName)?.[1]?.toLowerCase() ?? ''
}

/** `-d5dN54tH2E-5-rgb_front`: video, signer, camera. */
export function how2SignSigner(videoName: string): string | null {
  const signer = /-(\d{1,2})-rgb_(?:front|side)$/.exec(videoName)?.[1]
  return signer === undefined ? null : `signer-${signer}`
}
