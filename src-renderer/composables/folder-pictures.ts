import { AppError } from '#shared/contract/errors.ts'

/** Fetched in the direction of travel before they are asked for, and in the other one. */
const AHEAD = 6
const BEHIND = 2
const MOST_KEPT = 32

async function load(address: string): Promise<ImageBitmap> {
  const response = await fetch(address)
  if (response.ok) return createImageBitmap(await response.blob())
  const text = await response.text()
  throw new AppError(response.status === 404 ? 'media-missing' : 'corrupt-file', text)
}

/** The pictures of a frame folder; those around the newest one are fetched ahead and kept decoded. */
export function createFolderPictures(url: string, frames: number) {
  /** The one that was asked for longest ago first. */
  const kept = new Map<number, Promise<ImageBitmap>>()
  let newest = 0

  function want(frame: number): Promise<ImageBitmap> {
    const known = kept.get(frame)
    const picture = known ?? load(`${url}${frame}`)
    kept.delete(frame)
    kept.set(frame, picture)
    // Whoever asks for it hears of the failure; the next one tries again.
    if (!known) picture.catch(() => kept.delete(frame))
    return picture
  }

  function drop(count: number): void {
    for (const [frame, picture] of [...kept].slice(0, Math.max(0, count))) {
      kept.delete(frame)
      picture.then(
        bitmap => bitmap.close(),
        () => {},
      )
    }
  }

  /** The picture of a frame. It is closed when many others were asked for after it. */
  async function get(frame: number): Promise<ImageBitmap> {
    const towards = frame < newest ? -1 : 1
    newest = frame
    const picture = await want(frame)
    for (let by = -BEHIND; by <= AHEAD; by++) {
      const near = frame + by * towards
      if (near >= 0 && near < frames) void want(near)
    }
    drop(kept.size - MOST_KEPT)
    return picture
  }

  return { get, dispose: () => drop(kept.size) }
}

export type FolderPictures = ReturnType<typeof createFolderPictures>
