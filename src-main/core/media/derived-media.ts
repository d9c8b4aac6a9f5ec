import { existsSync } from 'node:fs'
import type { MediaId } from '#shared/contract/ids.ts'
import type { Curves } from '#shared/contract/media.ts'
import { announce, type CorpusContext } from '../context.ts'
import { packCurves, unpackCurves } from './curves-blob.ts'
import { audioPeaks, motionCurve } from './curves.ts'
import { makeProxy } from './derive.ts'
import { findCurves, saveCurves } from './media.queries.ts'
import { proxyReason } from './playable.ts'
import { mediaRecord, verifiedMedia } from './presence.ts'
import { createLimit, createSharing } from './sharing.ts'
import { openStored, probeOf, proxyPath } from './stored-media.ts'

/** What is computed from whole files on first use and then kept. */
export function createDerivedMedia(context: CorpusContext) {
  const { db, dir } = context
  const curveRuns = createSharing<Curves>()
  const proxyRuns = createSharing<void>()
  // Each decodes a file on every core.
  const oneAtATime = createLimit(1)

  async function curves(id: MediaId, signal?: AbortSignal): Promise<Curves> {
    const stored = findCurves(db, mediaRecord(db, id).id)
    if (stored?.motion) return unpackCurves(stored.motion, stored.audioPeaks)
    return curveRuns.shared(String(id), stop => oneAtATime(() => computeCurves(id, stop)), signal)
  }

  async function computeCurves(id: MediaId, signal: AbortSignal): Promise<Curves> {
    signal.throwIfAborted()
    const source = await openStored(await verifiedMedia(db, id), signal)
    const motion = await motionCurve(source, { signal })
    const audio = await audioPeaks(source, { signal })
    const packed = packCurves(motion.perFrame, audio?.peaks ?? null)
    saveCurves(db, id, packed.motion, packed.audio)
    return unpackCurves(packed.motion, packed.audio)
  }

  /** Resolves once the video can be played; what Chromium cannot play gets a proxy, made once however many ask. */
  async function ensurePlayable(id: MediaId, signal?: AbortSignal): Promise<void> {
    const media = mediaRecord(db, id)
    const path = proxyPath(dir, media)
    if (proxyReason(probeOf(media)) === null || existsSync(path)) return
    await proxyRuns.shared(media.contentHash, stop => oneAtATime(() => writeProxy(id, path, stop)), signal)
    announce(context, 'media')
  }

  async function writeProxy(id: MediaId, path: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    await makeProxy(await openStored(await verifiedMedia(db, id), signal), path, { signal })
  }

  async function close(): Promise<void> {
    await Promise.all([curveRuns.stopAll(), proxyRuns.stopAll()])
  }

  return { curves, ensurePlayable, close }
}
