/** Shows one picture: seeks to a place inside a frame and answers with the frame that then is on screen, if any. */
export type ShowFrame = (frame: number, attempt: number) => Promise<number | null>

/** Three places in the frame's interval, then the slow way; see `useFramePictures`. */
const ATTEMPTS = 4

/**
 * Seeks one after the other. While one is under way only the newest wish is kept, so a key that is held down
 * shows as many pictures as the decoder can make and ends on the last one asked for.
 */
export function createFrameSeeker(show: ShowFrame) {
  let wanted: number | null = null
  let working: Promise<void> | null = null

  const isOvertaken = (frame: number) => wanted !== frame

  async function attempt(frame: number): Promise<void> {
    for (let n = 0; n < ATTEMPTS; n += 1) {
      const shown = await show(frame, n)
      if (shown === frame || isOvertaken(frame)) return
    }
  }

  async function work(): Promise<void> {
    try {
      for (let frame = wanted; frame !== null; frame = wanted) {
        await attempt(frame)
        if (wanted === frame) wanted = null
      }
    } finally {
      wanted = null
      working = null
    }
  }

  /** Resolves when no wish is left; a wish that a newer one replaced is never shown. */
  function seek(frame: number): Promise<void> {
    wanted = frame
    working ??= work()
    return working
  }

  function cancel(): void {
    wanted = null
  }

  return { seek, cancel, wanted: () => wanted }
}
