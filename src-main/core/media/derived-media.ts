import { existsSync } from 'node:fs'
import type { MediaId } from '#shared/contract/ids.ts'
import type { Curves } from '#shared/contract/media.ts'
import { announce, type CorpusContext } from '../context.ts'
import { packCurves, unpackCurves } from './curves-blob.ts'
import { audioPeaks, type DeriveOptions, motionCurve } from './curves.ts'
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
  const curvesInTurn = createLimit(1)
  const proxiesInTurn = createLimit(1)

  async function curves(id: MediaId, signal?: AbortSignal): Promise<Curves> {
    const stored = findCurves(db, mediaRecord(db, id).id)
    if (stored?.motion) return unpackCurves(stored.motion, stored.audioPeaks)
    return curveRuns.shared(String(id), stop => curvesInTurn(() => computeCurves(id, stop)), signal)
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

  /** Whether a video element can play it now: as it is, or as the copy that has been made. */
  function isPlayable(id: MediaId): boolean {
    const media = mediaRecord(db, id)
    return proxyReason(probeOf(media)) === null || existsSync(proxyPath(dir, media))
  }

  /** Resolves once the video can be played; what Chromium cannot play gets a proxy, made once however many ask. */
  async function ensurePlayable(id: MediaId, options: DeriveOptions = {}): Promise<void> {
    if (isPlayable(id)) return
    const media = mediaRecord(db, id)
    const make = (stop: AbortSignal) =>
      proxiesInTurn(() => writeProxy(id, proxyPath(dir, media), { ...options, signal: stop }))
    await proxyRuns.shared(media.contentHash, make, options.signal)
    announce(context, 'media')
  }

  async function writeProxy(id: MediaId, path: string, options: DeriveOptions): Promise<void> {
    options.signal?.throwIfAborted()
    await makeProxy(await openStored(await verifiedMedia(db, id), options.signal), path, options)
  }

  async function close(): Promise<void> {
    await Promise.all([curveRuns.stopAll(), proxyRuns.stopAll()])
  }

  return { curves, isPlayable, ensurePlayable, close }
}
