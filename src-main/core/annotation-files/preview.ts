import type { AnnotationFilePreview } from '#shared/contract/annotation-file.ts'
import type { ReadDb } from '../../db/types.ts'
import { recordingName } from '../annotation/annotation.queries.ts'
import { findMedia } from '../media/media.queries.ts'
import { isKnownContent } from './annotation-file.queries.ts'
import { sha256 } from '../../formats/sha256.ts'
import { nameOfFile } from './import-file.ts'
import { locateMedia } from './named-media.ts'
import type { ReadFile } from './read-file.ts'

const DEFECTS_SHOWN = 500

/** What an import would take in. */
export function previewOf(db: ReadDb, read: ReadFile): AnnotationFilePreview {
  const { file, format, formatVersion, document, defects, bytes } = read
  const media = locateMedia(db, file, document.media)
  const known = media.find(({ mediaId }) => mediaId !== null)?.mediaId
  const recordingId = (known && findMedia(db, known)?.recordingId) ?? null
  return {
    file,
    format,
    formatVersion,
    author: document.author,
    date: document.date,
    recordingId,
    recording: recordingId === null ? nameOfFile(file) : recordingName(db, recordingId),
    tiers: document.tiers.map(
      ({ name, typeName, stereotype, parent, participant, vocabulary, annotations }) => ({
        name,
        typeName,
        stereotype,
        parent,
        participant,
        vocabulary,
        annotations: annotations.length,
        sample: (annotations.find(({ value }) => value.trim() !== '')?.value ?? '').slice(0, 200),
      }),
    ),
    annotations: document.tiers.reduce((sum, tier) => sum + tier.annotations.length, 0),
    types: [...new Set(document.tiers.map(({ typeName }) => typeName).filter(Boolean))],
    vocabularies: document.vocabularies.map(({ name, entries, externalRef }) => ({
      name,
      entries: entries.length,
      externalUrl: document.externalRefs.find(({ id }) => id === externalRef)?.value ?? '',
    })),
    media,
    defects: defects.slice(0, DEFECTS_SHOWN),
    defectCount: defects.length,
    mendableCount: defects.filter(({ isMendable }) => isMendable).length,
    losses: format === 'eaf' ? [] : document.extras,
    isKnown: isKnownContent(db, sha256(bytes)),
  }
}
