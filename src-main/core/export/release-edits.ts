import { stableJson } from '#main/formats/jsonl.ts'
import type { EvaluatedDataset } from './dataset.types.ts'

/** `edits.jsonl`: each change of a reference, what it was and what it became. */
export function* editLines({ clips }: EvaluatedDataset): Generator<string> {
  for (const { name, references } of clips)
    for (const [ordinal, { versions }] of references.entries())
      for (const [i, version] of versions.entries()) {
        const before = versions[i - 1]
        if (!before) continue
        const edit = {
          segmentId: name,
          reference: ordinal,
          version: version.version,
          before: before.text,
          after: version.text,
          editor: version.changedBy,
          at: new Date(version.changedAt).toISOString(),
          source: version.source,
        }
        yield `${stableJson(edit)}\n`
      }
}
