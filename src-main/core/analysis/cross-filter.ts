const WIDEST = 32

/**
 * Which filters each segment fails, a bit a filter. A chart counts the segments that fail no filter but its own, so
 * that what is chosen in one chart shows in all the others. A filter that changes rewrites its bit alone.
 */
export class CrossFilter {
  readonly failed: Uint32Array
  private readonly keys: string[] = Array.from({ length: WIDEST }, () => '')

  constructor(size: number) {
    this.failed = new Uint32Array(size)
  }

  /** Makes a filter, named by what it lets through; the empty key lets everything through. */
  set(bit: number, key: string, passes: () => (row: number) => boolean): void {
    if (this.keys[bit] === key) return
    this.keys[bit] = key
    const { failed } = this
    const flag = 1 << bit
    if (key === '') {
      for (let row = 0; row < failed.length; row++) failed[row] = failed[row]! & ~flag
      return
    }
    const isIn = passes()
    for (let row = 0; row < failed.length; row++)
      failed[row] = isIn(row) ? failed[row]! & ~flag : failed[row]! | flag
  }
}
