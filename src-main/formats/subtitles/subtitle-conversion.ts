import {
  type AnnotationDocument,
  type DocumentAnnotation,
  emptyDocument,
  inTimeOrder,
  plainAnnotation,
  plainTier,
} from '../annotation-document.ts'
import { type Ability, loss, type Loss, lossesOf, onlyReal } from '../annotation-losses.ts'
import { escapeVtt, plainSrt, plainVtt } from './cue-text.ts'
import { parseTiming } from './cue-time.ts'
import { cuesOf, type SubtitleCue, type SubtitleDocument } from './subtitle-document.ts'
import { writeSubtitles } from './subtitle-writer.ts'

/** One tier without a name; none where there is no cue. */
export function subtitlesToDocument(subtitles: SubtitleDocument): AnnotationDocument {
  const cues = cuesOf(subtitles)
  const plain = cues.map(({ text }) => (subtitles.format === 'vtt' ? plainVtt(text) : plainSrt(text)))
  const annotations = cues.map(({ id, startMs, endMs }, i) => ({
    ...plainAnnotation({ id: subtitles.format === 'vtt' ? id : '', startMs, endMs, value: plain[i]!.value }),
    speaker: plain[i]!.speaker,
  }))
  const kinds = (kind: string) => subtitles.blocks.filter(block => block.kind === kind).length
  const extras = [
    loss(
      'cue-formatting',
      plain.filter(({ hadFormatting }) => hadFormatting).length,
      'cue loses its formatting',
      'cues lose their formatting',
    ),
    loss(
      'cue-settings',
      cues.filter(({ settings }) => settings).length,
      'cue loses its settings (position, alignment)',
      'cues lose their settings (position, alignment)',
    ),
    loss('vtt-notes', kinds('note'), 'note is left out', 'notes are left out'),
    loss('vtt-styles', kinds('style'), 'style block is left out', 'style blocks are left out'),
    loss('vtt-regions', kinds('region'), 'region is left out', 'regions are left out'),
    loss(
      'stray-text',
      kinds('stray'),
      'block without a time is left out',
      'blocks without a time are left out',
    ),
    loss('vtt-header', subtitles.header.trim() ? 1 : 0, 'header with its remarks is left out', ''),
  ]
  return {
    ...emptyDocument(),
    tiers: cues.length ? [plainTier('', inTimeOrder(annotations))] : [],
    extras: onlyReal(extras),
  }
}

export interface SubtitlePlan {
  losses: Loss[]
  write: () => Uint8Array
}

/** One list of cues, in the order of time; in WebVTT the voice tells the tier where there are several. */
export function planSubtitles(document: AnnotationDocument, format: 'srt' | 'vtt'): SubtitlePlan {
  const filled = document.tiers.filter(({ annotations }) => annotations.length)
  const hasVoices = format === 'vtt' && filled.length > 1
  const rows = filled.flatMap(tier =>
    tier.annotations.map(annotation => ({
      annotation,
      voice: annotation.speaker || (hasVoices ? tier.name : ''),
    })),
  )
  rows.sort((a, b) => a.annotation.startMs - b.annotation.startMs || a.annotation.endMs - b.annotation.endMs)
  const cues = rows.map(row => cueOf(row.annotation, row.voice, format))
  const abilities: Ability[] = format === 'vtt' ? ['speakers', 'ids'] : []
  if (hasVoices) abilities.push('tier-names')
  const voices = hasVoices ? filled.length : 0
  const losses = [
    ...lossesOf(document, abilities),
    loss('tier-voices', voices, '', 'tiers become one list, in which the voice of each cue tells its tier'),
    loss(
      'tiers-joined',
      hasVoices || filled.length < 2 ? 0 : filled.filter(tier => !tier.name).length,
      'tier without a name is joined with the others',
      'tiers without names are joined with the others',
    ),
    ...changeLosses(cues.map(({ changes }) => changes)),
  ]
  return {
    losses: onlyReal(losses),
    write: () =>
      writeSubtitles({
        format,
        header: '',
        blocks: cues.map(({ cue }) => cue),
        defects: [],
        eol: '\n',
        encoding: 'utf-8',
        hasByteOrderMark: false,
      }),
  }
}

const CHANGES: [keyof CueChanges, string, string, string][] = [
  [
    'isEarly',
    'negative-times',
    'cue before the beginning is moved to 0',
    'cues before the beginning are moved to 0',
  ],
  [
    'hadBlankLines',
    'blank-lines',
    'value loses its empty lines, which would end the cue',
    'values lose their empty lines, which would end the cues',
  ],
  ['hadReturns', 'line-ends', 'value has its line ends unified', 'values have their line ends unified'],
  [
    'hadBadCharacters',
    'characters',
    'value has characters that the format cannot hold; they become �',
    'values have characters that the format cannot hold; they become �',
  ],
  [
    'looksLikeMarkup',
    'markup-like',
    'value looks like markup and will be read as such',
    'values look like markup and will be read as such',
  ],
  [
    'hasTiming',
    'timing-like',
    'value has a line like a timing, in which the arrow becomes →',
    'values have lines like timings, in which the arrows become →',
  ],
  ['hasBadId', 'ids', 'cue loses its id', 'cues lose their ids'],
  [
    'hasOddSpeaker',
    'speaker-changed',
    'name of a speaker has its white space changed',
    'names of speakers have their white space changed',
  ],
]

function changeLosses(all: CueChanges[]): Loss[] {
  return CHANGES.map(([change, code, one, many]) =>
    loss(code, all.filter(changes => changes[change]).length, one, many),
  )
}

interface CueChanges {
  isEarly: boolean
  hadBlankLines: boolean
  hadReturns: boolean
  hadBadCharacters: boolean
  looksLikeMarkup: boolean
  hasTiming: boolean
  hasBadId: boolean
  hasOddSpeaker: boolean
}

function cueOf(
  annotation: DocumentAnnotation,
  voice: string,
  format: 'srt' | 'vtt',
): { cue: SubtitleCue; changes: CueChanges } {
  const { value, startMs, endMs } = annotation
  const sound = value.replaceAll('\0', '\uFFFD').toWellFormed()
  const unified = sound.replace(/\r\n?/g, '\n')
  const isVtt = format === 'vtt'
  const lines = unified.split('\n').filter(line => (isVtt ? line !== '' : line.trim() !== ''))
  const hasTiming = !isVtt && lines.some(line => parseTiming(line, 'srt'))
  const kept = lines
    .map(line => (hasTiming && parseTiming(line, 'srt') ? line.replace(/-+>/g, '→') : line))
    .join('\n')
  const speaker = voice.replaceAll('\0', '\uFFFD').toWellFormed().replace(/\s+/g, ' ').trim()
  const hasGoodId =
    /^(?!NOTE|STYLE|REGION|\s)[^\r\n\0]+$/.test(annotation.id) &&
    !annotation.id.includes('-->') &&
    annotation.id.isWellFormed()
  const cue: SubtitleCue = {
    kind: 'cue',
    id: isVtt && hasGoodId ? annotation.id : '',
    startMs: Math.max(0, startMs),
    endMs: Math.max(0, endMs),
    settings: '',
    text: isVtt ? `${speaker ? `<v ${escapeVtt(speaker)}>` : ''}${escapeVtt(kept)}` : kept,
    line: 0,
  }
  const changes: CueChanges = {
    isEarly: startMs < 0 || endMs < 0,
    hadBlankLines: unified !== '' && lines.join('\n') !== unified,
    hadReturns: sound !== unified,
    hadBadCharacters: sound !== value,
    looksLikeMarkup: !isVtt && plainSrt(kept).hadFormatting,
    hasTiming,
    hasBadId: isVtt && annotation.id !== '' && !hasGoodId,
    hasOddSpeaker: isVtt && speaker !== voice,
  }
  return { cue, changes }
}
