import type { FrameCover } from './frame-cover.ts'

/** Enough for a second of Full HD; beyond it the video is waited for. */
const MOST_BYTES = 192 * 2 ** 20
const BYTES_PER_PIXEL = 4

/** The first frames of a loop, kept to be shown while the video goes back to the frame after them. */
export class LoopHead {
  readonly #cover: FrameCover
  readonly #pictures = new Map<number, ImageBitmap | null>()
  #first = 0
  #bytes = 0
  /** Copies are made in the background: those of another loop come too late. */
  #generation = 0

  constructor(cover: FrameCover) {
    this.#cover = cover
  }

  /** Forgets everything, and begins at this frame. */
  restart(first: number): void {
    for (const picture of this.#pictures.values()) picture?.close()
    this.#pictures.clear()
    this.#first = first
    this.#bytes = 0
    this.#generation += 1
  }

  /** How many frames it has, without a gap from the first. */
  count(): number {
    let count = 0
    while (this.#pictures.get(this.#first + count)) count += 1
    return count
  }

  /** Keeps the frame that the cover shows, if it is one of the first so many and there is room. */
  async keep(frame: number, most: number): Promise<void> {
    const isWanted = frame >= this.#first && frame < this.#first + most && !this.#pictures.has(frame)
    if (!isWanted || this.#bytes > MOST_BYTES) return
    const generation = this.#generation
    this.#pictures.set(frame, null)
    const picture = await this.#cover.copy()
    if (generation !== this.#generation || !picture) return picture?.close()
    this.#bytes += picture.width * picture.height * BYTES_PER_PIXEL
    this.#pictures.set(frame, picture)
  }

  show(frame: number): void {
    const picture = this.#pictures.get(frame)
    if (picture) this.#cover.draw(picture, frame)
  }
}
