import { readonly, type Ref, shallowRef, watch } from 'vue'

/** A canvas over a video: while it covers, what is on screen is what was drawn here and nothing else. */
export class FrameCover {
  readonly #canvas: Readonly<Ref<HTMLCanvasElement | null>>
  readonly #frame = shallowRef<number | null>(null)

  constructor(canvas: Readonly<Ref<HTMLCanvasElement | null>>) {
    this.#canvas = canvas
    // A new canvas is as empty as its video.
    watch(canvas, () => this.clear(), { flush: 'sync' })
  }

  /** The frame that it shows; null while the video itself is seen. */
  get frame() {
    return readonly(this.#frame)
  }

  /** Says whether it could be drawn: without a canvas the video stays in view. */
  draw(picture: VideoFrame | ImageBitmap, frame: number): boolean {
    const canvas = this.#canvas.value
    const context = canvas?.getContext('2d')
    if (!canvas || !context) return false
    const [width, height] =
      'displayWidth' in picture
        ? [picture.displayWidth, picture.displayHeight]
        : [picture.width, picture.height]
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height })
    context.drawImage(picture, 0, 0, width, height)
    canvas.hidden = false
    this.#frame.value = frame
    return true
  }

  /** A copy of what it shows. */
  async copy(): Promise<ImageBitmap | null> {
    return this.#canvas.value && createImageBitmap(this.#canvas.value)
  }

  clear(): void {
    if (this.#canvas.value) this.#canvas.value.hidden = true
    this.#frame.value = null
  }
}
