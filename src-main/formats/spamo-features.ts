/**
 * Names of SpaMo's feature files. Its scripts write `clip-vit-large-patch14_feat_NAME/SPLIT/ID_s2wrapping.npy` and
 * `mae_feat_NAME/SPLIT/ID_overlap-8.npy`; its training configuration asks for `_overlap-8-pretrained`; the released
 * features are `spa_feat_p14t/SPLIT/ID.npy` and `mo_feat_p14t/SPLIT/ID.npy`. Clips of whole videos (How2Sign) have
 * their start behind the id, as Python prints it.
 */
export type FeatureKind = 'spatial' | 'motion'

const POSTFIXES: Record<FeatureKind, readonly string[]> = {
  spatial: ['_s2wrapping', '_s2wrapping_large', ''],
  motion: ['_overlap-8', '_overlap-8-pretrained', ''],
}

/** Motion windows have 16 frames and begin every 8. */
const WINDOW = 16
const STRIDE = 8

/** What a folder of features holds, by its name; null for any other folder. */
export function featureFolderKind(name: string): FeatureKind | null {
  if (/^(?:mae|mo|motion|videomae[\w-]*)_feat(?:_|$)/i.test(name)) return 'motion'
  return /^(?:clip[\w-]*|spa|spatial|vit[\w-]*)_feat(?:_|$)/i.test(name) ? 'spatial' : null
}

export function upstreamFolder(kind: FeatureKind, dataset: string): string {
  return kind === 'spatial' ? `clip-vit-large-patch14_feat_${dataset}` : `mae_feat_${dataset}`
}

/** The name that upstream's scripts give the file; `startSeconds`: of a span of a longer video. */
export function upstreamFeatureName(kind: FeatureKind, fileId: string, startSeconds: number | null): string {
  const stem = startSeconds === null ? fileId : `${fileId}_${pythonFloat(startSeconds)}`
  return `${stem}${POSTFIXES[kind][0]}.npy`
}

/** All names that a clip's file may have, the likeliest first. */
export function featureNames(kind: FeatureKind, fileId: string, startSeconds: number | null): string[] {
  const stems = startSeconds === null ? [fileId] : [`${fileId}_${pythonFloat(startSeconds)}`, fileId]
  return stems.flatMap(stem => POSTFIXES[kind].map(postfix => `${stem}${postfix}.npy`))
}

/** `str(10.0)` is `10.0` in Python. */
function pythonFloat(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** Rows that features of so many frames have. */
export function expectedRows(kind: FeatureKind, frames: number): number {
  return kind === 'spatial' ? frames : Math.floor((Math.max(frames, WINDOW) - WINDOW) / STRIDE) + 1
}
