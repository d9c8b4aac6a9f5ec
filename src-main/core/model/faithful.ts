import { cpus } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { towerFacts } from '../../engine/bundle/manifest.ts'
import type { Bundle } from '../../engine/bundle/open-bundle.ts'
import type { EngineClient } from '../../engine/client.ts'
import { readText, writeJson } from '../json-file.ts'
import { sha256OfFacts } from '../../formats/sha256.ts'

/** Bundle and machine → each tower's cosine. */
const Known = z.record(z.string(), z.record(z.string(), z.number()))
type Known = z.infer<typeof Known>

export interface FaithfulDeps {
  dataDir: string
  version: string
  engine: Pick<EngineClient, 'checkBundle'>
}

/**
 * Which bundles compute on this machine what they computed where they were converted. Measured once for each bundle,
 * processor and version of the program, and remembered in `model-checks.json`.
 */
export function createFaithful({ dataDir, version, engine }: FaithfulDeps) {
  const file = join(dataDir, 'model-checks.json')

  function known(): Known {
    try {
      return Known.parse(JSON.parse(readText(file) ?? '{}'))
    } catch {
      // A damaged memory costs a measurement, nothing else.
      return {}
    }
  }

  function keyOf({ manifest }: Bundle): string {
    const machine = [process.arch, cpus()[0]?.model, version]
    return sha256OfFacts([machine, manifest.files])
  }

  function remember(bundle: Bundle, cosines: Readonly<Record<string, number>>): void {
    writeJson(file, { ...known(), [keyOf(bundle)]: cosines })
  }

  return {
    /** @throws AppError model-unavailable where the features are not exact enough here */
    async ensure(bundle: Bundle, signal?: AbortSignal): Promise<void> {
      if (!bundle.manifest.fidelity || known()[keyOf(bundle)]) return
      const cosines = await engine.checkBundle(bundle.dir, signal ? { signal } : {})
      if (cosines) remember(bundle, cosines)
    },
    /** It was measured here a moment ago, while it was converted. */
    measured(bundle: Bundle): void {
      const towers = Object.entries(towerFacts(bundle.manifest))
      remember(
        bundle,
        Object.fromEntries(towers.map(([name, { storageCosine }]) => [name, storageCosine ?? 1])),
      )
    },
  }
}
