import type { AnnotationDocument, AnnotationTier, DocumentAnnotation } from '../annotation-document.ts'
import { loss, type Loss, onlyReal } from '../annotation-losses.ts'
import { type KeptParts, lossesAgainst } from '../kept-parts.ts'
import { forwardSpan } from '../spread-times.ts'
import { isWhollyOwned, ownersOn, parentTiers } from '../tier-tree.ts'
import { dependentCode, speakerCodes } from './chat-codes.ts'
import { chatHeaders } from './chat-headers.ts'
import { chatToDocument } from './chat-to-document.ts'
import type { ChatLine, ChatTranscript, ChatUtterance } from './chat-transcript.ts'
import { writeChat } from './chat-writer.ts'

export interface ChatPlan {
  losses: Loss[]
  write: () => Uint8Array
}

interface TextChanges {
  characters: number
  spaces: number
  ends: number
}

type Sources = Map<ChatUtterance | ChatLine, { tier: AnnotationTier; annotation: DocumentAnnotation }>

/**
 * Every tier speaks: its annotations become main lines. Only symbolic tiers whose annotations all hang on those of a
 * speaking tier become its dependent lines.
 */
export function planChat(document: AnnotationDocument): ChatPlan {
  const changes: TextChanges = { characters: 0, spaces: 0, ends: 0 }
  const sources: Sources = new Map()
  const transcript = transcriptOf(document, sources, changes)
  const losses = [
    ...lossesAgainst(document, keptIn(transcript, sources)),
    loss(
      'characters',
      changes.characters,
      'text has characters that the file cannot hold; they become �',
      'texts have characters that the file cannot hold; they become �',
    ),
    loss(
      'white-space',
      changes.spaces,
      'text has its line ends, tabs and outer blanks changed: a line of CHAT has none',
      'texts have their line ends, tabs and outer blanks changed: a line of CHAT has none',
    ),
    loss(
      'terminators',
      changes.ends,
      'text gets a full stop at its end, without which CHAT has no utterance',
      'texts get a full stop at their end, without which CHAT has no utterance',
    ),
  ]
  return { losses: onlyReal(losses), write: () => writeChat(transcript) }
}

function keptIn(transcript: ChatTranscript, sources: Sources): KeptParts {
  const { document, annotations } = chatToDocument(transcript)
  const homes = new Map(document.tiers.flatMap(tier => tier.annotations.map(one => [one, tier] as const)))
  const kept = { document, tiers: new Map<AnnotationTier, AnnotationTier>(), annotations: new Map() }
  for (const [written, { tier, annotation }] of sources) {
    const after = annotations.get(written)!
    kept.annotations.set(annotation, after)
    kept.tiers.set(tier, homes.get(after)!)
  }
  return kept
}

function transcriptOf(document: AnnotationDocument, sources: Sources, changes: TextChanges): ChatTranscript {
  const filled = document.tiers.filter(({ annotations }) => annotations.length > 0)
  const { mains, dependents } = rolesOf(filled)
  const codes = speakerCodes(mains)
  const utterances: ChatUtterance[] = []
  for (const tier of mains) {
    const byAnnotation = new Map<DocumentAnnotation, ChatUtterance>()
    for (const annotation of tier.annotations) {
      const text = withEnd(lineOf(annotation.value, changes), changes)
      const span = forwardSpan(annotation)
      const utterance: ChatUtterance = { speaker: codes.get(tier)!, text, span, dependents: [] }
      byAnnotation.set(annotation, utterance)
      sources.set(utterance, { tier, annotation })
      utterances.push(utterance)
    }
    const taken = new Set<string>()
    for (const dependent of dependents.get(tier) ?? []) {
      const code = dependentCode(dependent.name, taken)
      for (const [annotation, owner] of ownersOn(tier, dependent)) {
        const line = { code, text: lineOf(annotation.value, changes) }
        byAnnotation.get(owner)!.dependents.push(line)
        sources.set(line, { tier: dependent, annotation })
      }
    }
  }
  utterances.sort((a, b) => a.span!.startMs - b.span!.startMs || a.span!.endMs - b.span!.endMs)
  return { headers: chatHeaders(document, mains, codes), utterances }
}

/** Which tiers speak, and which belong to them. */
function rolesOf(tiers: readonly AnnotationTier[]) {
  const parents = parentTiers(tiers)
  const known = new Map<AnnotationTier, boolean>()
  const isDependent = (tier: AnnotationTier): boolean => {
    const parent = parents.get(tier)
    const told = known.get(tier)
    if (told !== undefined) return told
    const is = parent !== undefined && !isDependent(parent) && isWhollyOwned(tier, parent)
    known.set(tier, is)
    return is
  }
  return {
    mains: tiers.filter(tier => !isDependent(tier)),
    dependents: Map.groupBy(
      tiers.filter(tier => isDependent(tier)),
      tier => parents.get(tier)!,
    ),
  }
}

/** One line of plain text. */
function lineOf(value: string, changes: TextChanges): string {
  // oxlint-disable-next-line no-control-regex -- time marks and underlining are made of these
  const sound = value.toWellFormed().replace(/[\u0000-\u0008\u000E-\u001F\u007F]/g, '\uFFFD')
  const line = sound.replace(/[\t\n\v\f\r]+/g, ' ').trim()
  if (sound !== value) changes.characters += 1
  if (line !== sound) changes.spaces += 1
  return line
}

/** Postcodes (`[+ bch]`) stand behind the terminator. */
const ENDED = /[.?!]["”’)]?(\s*\[[+^][^\]]*\])*$/

function withEnd(line: string, changes: TextChanges): string {
  if (ENDED.test(line)) return line
  changes.ends += 1
  return line === '' ? '.' : `${line} .`
}
