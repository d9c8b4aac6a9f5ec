import { open } from 'node:fs/promises'

const HEADER_BYTES = 16
const FIRST_BOXES = new Set(['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot'])

export interface Mp4Boxes {
  /** Bytes that the boxes promise and the file lacks: a copy that broke off. */
  missingBytes: number
  /** The table of contents, without which no frame is found. */
  hasMoov: boolean
}

/** The top-level boxes of an MP4 or MOV file, read without decoding anything; null for files of other kinds. */
export async function readMp4Boxes(path: string): Promise<Mp4Boxes | null> {
  await using file = await open(path, 'r')
  const { size: fileBytes } = await file.stat()
  const header = Buffer.alloc(HEADER_BYTES)
  let hasMoov = false
  let at = 0
  while (at + 8 <= fileBytes) {
    const { bytesRead } = await file.read(header, 0, HEADER_BYTES, at)
    const type = header.toString('latin1', 4, 8)
    if (at === 0 && !FIRST_BOXES.has(type)) return null
    if (type === 'moov') hasMoov = true
    const bytes = boxBytes(header, bytesRead, fileBytes - at)
    if (bytes === null) break
    at += bytes
  }
  return at === 0 ? null : { missingBytes: Math.max(0, at - fileBytes), hasMoov }
}

/** 0 stands for "to the end of the file", 1 for a size in the next eight bytes; null where it is none. */
function boxBytes(header: Buffer, bytesRead: number, rest: number): number | null {
  const short = header.readUInt32BE(0)
  if (short === 0) return rest
  if (short !== 1) return short < 8 ? null : short
  return bytesRead < HEADER_BYTES ? null : Number(header.readBigUInt64BE(8))
}
