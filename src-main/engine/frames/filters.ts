/** Makes stamps rise: equal or falling ones move to a tick after the frame before. For files whose index `isRepaired`. */
export const REPAIR_FILTER =
  "setpts='if(isnan(PREV_OUTPTS),if(isnan(PTS),0,PTS),if(isnan(PTS),PREV_OUTPTS+1,max(PREV_OUTPTS+1,PTS)))'"

/** A frame as showinfo tells it: stamp, width, height. */
export const SHOWN_FRAME = /\bn:\s*\d+ pts:\s*(\S+) .* s:(\d+)x(\d+)/
export const SHOWN_STAMP = /\bn:\s*\d+ pts:\s*(-?\d+) /
