export interface Zoom {
  scale: number
  /** Of the picture's middle from the pane's, in pixels. */
  x: number
  y: number
}

interface Size {
  width: number
  height: number
}

const MOST = 8

/** Keeps the picture from being pushed out of its pane. */
export function clampPan({ scale, x, y }: Zoom, { width, height }: Size): Zoom {
  const within = (value: number, room: number) => (room === 0 ? 0 : Math.max(-room, Math.min(room, value)))
  return {
    scale,
    x: within(x, ((scale - 1) * width) / 2),
    y: within(y, ((scale - 1) * height) / 2),
  }
}

/** Zooms so that the point under the pointer (from the pane's middle) stays where it is. */
export function zoomAt(zoom: Zoom, factor: number, point: { x: number; y: number }, pane: Size): Zoom {
  const scale = Math.max(1, Math.min(MOST, zoom.scale * factor))
  const grown = scale / zoom.scale
  const x = point.x - (point.x - zoom.x) * grown
  const y = point.y - (point.y - zoom.y) * grown
  return clampPan({ scale, x, y }, pane)
}
