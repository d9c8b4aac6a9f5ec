import type { Annotation, Tier } from '#shared/contract/annotation.ts'
import { type RecordingDocument, within } from '../document.ts'
import { tiersBelow } from '../commands/use-edit-commands.ts'

export interface Block {
  sentence: Annotation
  tokens: readonly Annotation[]
}

/** The tiers that a token line has below it: those of the token tier's children that hold one text a token. */
export function lineTiers(tiers: readonly Tier[], tokenTier: Tier | null): Tier[] {
  if (!tokenTier) return []
  const below = tiersBelow(tiers, tokenTier.id).filter(tier => tier.stereotype === 'symbolic-association')
  return [tokenTier, ...below]
}

export function blockOf(document: RecordingDocument, sentence: Annotation, tokenTier: Tier | null): Block {
  return { sentence, tokens: tokenTier ? within(document.itemsOf(tokenTier.id), sentence) : [] }
}
