import type { ImportIssue } from '#shared/contract/transfer.ts'
import { announce, type CorpusContext } from '../context.ts'
import { findFeature } from '../feature/feature.queries.ts'
import { importFeature, importedFeatureKey } from '../feature/imported-features.ts'
import type { FeatureKind } from '../../formats/spamo-features.ts'
import { shownFile } from './check-clips.ts'
import { findClipSpan } from './import.queries.ts'
import type { ImportTask } from './import.service.ts'
import type { ImportPlan, PlannedClip } from './plan.ts'

const KINDS: readonly FeatureKind[] = ['spatial', 'motion']

/** Copies features that lie beside the annotations, once: what is there already is left alone. */
export async function writeFeatures(
  context: CorpusContext,
  plan: ImportPlan,
  { signal, onProgress }: ImportTask,
): Promise<ImportIssue[]> {
  const clips = plan.clips.filter(clip => !clip.problem && (clip.features?.spatial || clip.features?.motion))
  const issues: ImportIssue[] = []
  let done = 0
  for (const clip of clips) {
    signal.throwIfAborted()
    issues.push(...(await writeFeaturesOf(context, plan.root, clip)))
    onProgress(++done, clips.length, clip.name)
  }
  if (done > 0) announce(context, 'clips')
  return issues
}

async function writeFeaturesOf(
  context: CorpusContext,
  root: string,
  clip: PlannedClip,
): Promise<ImportIssue[]> {
  const span = findClipSpan(context.db, clip.name)
  if (!span) return []
  const issues: ImportIssue[] = []
  for (const kind of KINDS) {
    const path = clip.features?.[kind]
    if (!path || findFeature(context.db, importedFeatureKey(kind, span))) continue
    const message = await importFeature(context, kind, span, path)
    if (message) issues.push({ severity: 'warning', file: shownFile(root, path), line: null, message })
  }
  return issues
}
