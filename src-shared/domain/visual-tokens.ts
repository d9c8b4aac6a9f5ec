/**
 * Where in a clip the visual tokens of a model look: for SpaMo (Hwang et al. 2025, section 3.2): the rows of
 * all frames, then those of all motion windows, go through two convolutions of width 5, each followed by
 * pooling of 2, so that token m sees the 16 joint rows from 4m on.
 */

export interface VisualGeometry {
  /**
   * joint (default): SpaMo's, as above. cells: Sign2GPT's (Wong et al. 2024, section 3.1), where cell o is the mean of
   * three selected frames and stands for the `stride` frames around its middle one, stride · o.
   */
  layout?: 'joint' | 'cells'
  /** Frames of the clip; one spatial row each. */
  frames: number
  /** Motion rows, of which row w sees the frames from w · stride on; or cells. */
  windows: number
  /** Frames of a motion window. */
  window: number
  stride: number
}

export type VisualStream = 'spatial' | 'motion' | 'both'

export interface TokenSpan {
  /** First and last frame, counted from 0. */
  first: number
  last: number
  stream: VisualStream
}

const ROWS_PER_TOKEN = 4
/** In how many ways a row reaches a token through convolutions and pooling; they are 100 in all. */
const WAYS = [1, 2, 4, 6, 8, 9, 10, 10, 10, 10, 9, 8, 6, 4, 2, 1]
/** Half a sign of an unhurried signer: what is narrower than this in a curve is the grid of the tokens. */
const SMOOTHING_FRAMES = 9
/** As high as the peak for all that the curve can tell. */
const PLATEAU = 0.97

/** The frames that a token has seen. */
export function framesOfToken(token: number, geometry: VisualGeometry): TokenSpan {
  if (geometry.layout === 'cells') {
    const [first, last] = framesOfCell(token, geometry)
    return { first, last, stream: 'both' }
  }
  const rows = WAYS.map((_, at) => ROWS_PER_TOKEN * token + at).filter(
    row => row < geometry.frames + geometry.windows,
  )
  const spans = rows.map(row => framesOfRow(row, geometry))
  const streams = new Set(rows.map(row => (row < geometry.frames ? 'spatial' : 'motion')))
  return {
    first: Math.min(...spans.map(([first]) => first)),
    last: Math.max(...spans.map(([, last]) => last)),
    stream: streams.size > 1 ? 'both' : streams.has('motion') ? 'motion' : 'spatial',
  }
}

/** The last cells of a clip of few frames may stand for its last frame alone. */
function framesOfCell(cell: number, { frames, stride }: VisualGeometry): [number, number] {
  const inside = (frame: number) => Math.min(Math.max(frame, 0), frames - 1)
  return [inside(stride * cell - stride / 2), inside(stride * cell + stride / 2 - 1)]
}

/** First and last frame behind a joint row. */
function framesOfRow(row: number, { frames, window, stride }: VisualGeometry): [number, number] {
  if (row < frames) return [row, row]
  const first = Math.min((row - frames) * stride, frames - 1)
  return [first, Math.min(first + window, frames) - 1]
}

/** Spreads one weight a token over the frames that the token has seen; the sum stays the same. [frames] */
export function weightsOverFrames(weights: ArrayLike<number>, geometry: VisualGeometry): Float64Array {
  const curve = new Float64Array(geometry.frames)
  const spread = ([first, last]: [number, number], weight: number) => {
    const share = weight / (last - first + 1)
    for (let frame = first; frame <= last; frame += 1) curve[frame] = (curve[frame] ?? 0) + share
  }
  for (let token = 0; token < weights.length; token += 1) {
    if (geometry.layout === 'cells') {
      spread(framesOfCell(token, geometry), weights[token] ?? 0)
      continue
    }
    const rows = WAYS.map((ways, at) => ({ ways, row: ROWS_PER_TOKEN * token + at })).filter(
      ({ row }) => row < geometry.frames + geometry.windows,
    )
    const all = rows.reduce((sum, { ways }) => sum + ways, 0)
    for (const { ways, row } of rows) spread(framesOfRow(row, geometry), ((weights[token] ?? 0) * ways) / all)
  }
  return curve
}

/** The frame where a curve is highest: the middle of the plateau around the peak of the smoothed curve. */
export function peakFrame(curve: ArrayLike<number>): number {
  const smooth = smoothed(curve)
  let first = 0
  for (const [at, value] of smooth.entries()) if (value > (smooth[first] ?? 0)) first = at
  let last = first
  while ((smooth[last + 1] ?? -Infinity) >= PLATEAU * (smooth[first] ?? 0)) last += 1
  return Math.floor((first + last) / 2)
}

/** Weighted mean under a triangle; beyond its ends the curve goes on as it ends. */
function smoothed(curve: ArrayLike<number>): number[] {
  const reach = (SMOOTHING_FRAMES - 1) / 2
  return Array.from({ length: curve.length }, (_, at) => {
    let sum = 0
    for (let by = -reach; by <= reach; by += 1) {
      const place = Math.min(curve.length - 1, Math.max(0, at + by))
      sum += (curve[place] ?? 0) * (reach + 1 - Math.abs(by))
    }
    return sum / (reach + 1) ** 2
  })
}
