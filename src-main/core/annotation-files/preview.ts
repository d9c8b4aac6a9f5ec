import type { AnnotationFileCheck, AnnotationFilePreview } from '#shared/contract/annotation-file.ts'
import type { ReadDb } from '../../db/types.ts'
import { recordingName } from '../annotation/annotation.queries.ts'
import { findMedia } from '../media/media.queries.ts'
import { isKnownContent } from './annotation-file.queries.ts'
import { findDisplay, planDisplay } from './display-settings.ts'
import { sha256 } from '../../formats/sha256.ts'
import { nameOfFile } from './import-file.ts'
import { locateMedia } from './named-media.ts'
import type { OpenedFile } from './read-file.ts'

const DEFECTS_SHOWN = 500

/** What an import would take in. */
export async function previewOf(db: ReadDb, opened: OpenedFile): Promise<AnnotationFilePreview> {
  const { file, format, formatVersion, outline, bytes } = opened
  const display = format === 'eaf' ? await findDisplay(file) : null
  const media = locateMedia(db, file, outline.media)
  const known = media.find(({ mediaId }) => mediaId !== null)?.mediaId
  const recordingId = (known && findMedia(db, known)?.recordingId) ?? null
  return {
    file,
    format,
    formatVersion,
    author: outline.author,
    date: outline.date,
    recordingId,
    recording: recordingId === null ? nameOfFile(file) : recordingName(db, recordingId),
    tiers: outline.tiers.map(tier => ({ ...tier, sample: tier.sample.slice(0, 200) })),
    annotations: outline.tiers.reduce((sum, tier) => sum + tier.annotations, 0),
    types: [...new Set(outline.tiers.map(({ typeName }) => typeName).filter(Boolean))],
    vocabularies: outline.vocabularies.map(({ name, entries, externalRef }) => ({
      name,
      entries: entries.length,
      externalUrl: outline.externalRefs.find(({ id }) => id === externalRef)?.value ?? '',
    })),
    media,
    losses: format === 'eaf' ? [] : outline.extras,
    display: display && planDisplay(db, display, outline.tiers).settings,
    isKnown: isKnownContent(db, sha256(bytes)),
  }
}

export function checkOf(opened: OpenedFile): AnnotationFileCheck {
  const { defects } = opened.read()
  return {
    defects: defects.slice(0, DEFECTS_SHOWN),
    defectCount: defects.length,
    mendableCount: defects.filter(({ isMendable }) => isMendable).length,
  }
}
