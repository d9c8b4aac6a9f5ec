import type { AnnotationDocument, AnnotationTier, DocumentAnnotation } from './annotation-document.ts'
import { loss, type Loss, lossesOf } from './annotation-losses.ts'
import { ownersOn, parentTiers } from './tier-tree.ts'

/** What a reader of the written file will find, and where everything went. */
export interface KeptParts {
  document: AnnotationDocument
  tiers: ReadonlyMap<AnnotationTier, AnnotationTier>
  annotations: ReadonlyMap<DocumentAnnotation, DocumentAnnotation>
}

/**
 * The losses of a format that has a place for something only sometimes: what is written is held against what was
 * there, so nothing depends on a list of what the format can do. Texts are the format's own to compare.
 */
export function lossesAgainst(before: AnnotationDocument, kept: KeptParts): Loss[] {
  const { document: after } = kept
  const notIn = <Part>(parts: readonly Part[], others: readonly Part[]) => {
    const there = new Set(others.map(part => JSON.stringify(part)))
    return parts.filter(part => !there.has(JSON.stringify(part)))
  }
  const left: AnnotationDocument = {
    ...before,
    author: before.author === after.author ? '' : before.author,
    date: before.date === after.date ? '' : before.date,
    media: notIn(before.media, after.media),
    properties: notIn(before.properties, after.properties),
    languages: notIn(before.languages, after.languages),
    tiers: tiersLeft(before, kept),
  }
  return [...lossesOf(left, []), ...tierChanges(before, kept), ...timeChanges(kept)]
}

/** The tiers with only that on them which is gone. */
function tiersLeft({ tiers }: AnnotationDocument, kept: KeptParts): AnnotationTier[] {
  const parents = parentTiers(tiers)
  return tiers
    .filter(tier => tier.annotations.length > 0 || !kept.tiers.has(tier))
    .map(tier => {
      const after = kept.tiers.get(tier)
      const parent = parents.get(tier)
      const hasParent = parent !== undefined && after?.parent === kept.tiers.get(parent)?.name
      const gone = (name: 'typeName' | 'participant' | 'annotator' | 'language' | 'vocabulary') =>
        after?.[name] === tier[name] ? '' : tier[name]
      return {
        name: '',
        typeName: gone('typeName'),
        participant: gone('participant'),
        annotator: gone('annotator'),
        language: gone('language'),
        vocabulary: gone('vocabulary'),
        stereotype: after?.stereotype === tier.stereotype ? 'none' : tier.stereotype,
        kind: after?.kind === tier.kind ? 'interval' : tier.kind,
        parent: hasParent ? null : tier.parent,
        annotations: annotationsLeft(tier, parent, kept),
      }
    })
}

function annotationsLeft(
  tier: AnnotationTier,
  parent: AnnotationTier | undefined,
  { annotations }: KeptParts,
): DocumentAnnotation[] {
  const owners = ownersOn(parent, tier)
  return tier.annotations.map(before => {
    const after = annotations.get(before)
    const owner = owners.get(before)
    const isLinked = owner !== undefined && after?.parentId === annotations.get(owner)?.id
    const gone = (name: 'id' | 'speaker' | 'entryId' | 'externalRef') =>
      after?.[name] === before[name] ? '' : before[name]
    return {
      ...before,
      id: gone('id'),
      speaker: gone('speaker'),
      entryId: gone('entryId'),
      externalRef: gone('externalRef'),
      parentId: isLinked ? null : before.parentId,
      isAligned: after?.isAligned === before.isAligned || before.isAligned,
    }
  })
}

function tierChanges({ tiers }: AnnotationDocument, kept: KeptParts): Loss[] {
  const renamed = tiers.filter(tier => {
    const after = kept.tiers.get(tier)
    return after !== undefined && after.name !== tier.name
  })
  const example = renamed[0]
  const names = example ? `, such as “${kept.tiers.get(example)!.name}” for “${example.name}”` : ''
  const unnamed = tiers.filter(tier => tier.participant === '' && kept.tiers.get(tier)?.participant)
  const wordless = tiers.filter(tier => tier.language === '' && kept.tiers.get(tier)?.language)
  const order = tiers.map(tier => kept.tiers.get(tier)).filter(tier => tier !== undefined)
  const moved = order.filter((tier, place) => kept.document.tiers[place] !== tier).length
  return [
    loss('tier-renamed', renamed.length, `tier gets another name${names}`, `tiers get other names${names}`),
    loss(
      'participants-made',
      unnamed.length,
      'tier without a participant gets one of its own name',
      'tiers without participants get ones of their own names',
    ),
    loss(
      'languages-made',
      wordless.length,
      'tier without a language gets the one that its name says',
      'tiers without languages get the ones that their names say',
    ),
    loss(
      'tier-order',
      moved,
      'tier comes at another place',
      'tiers come at other places: each stands below what it hangs on',
    ),
  ].filter(({ count }) => count > 0)
}

function timeChanges({ annotations }: KeptParts): Loss[] {
  let [symbolic, negative, inverted] = [0, 0, 0]
  for (const [before, after] of annotations) {
    const isSame = before.startMs === after.startMs && before.endMs === after.endMs
    if (!after.isAligned) symbolic += !isSame || before.isAligned ? 1 : 0
    else if (!isSame) {
      negative += before.startMs < 0 || before.endMs < 0 ? 1 : 0
      inverted += before.endMs < before.startMs ? 1 : 0
    }
  }
  return [
    loss(
      'symbolic-times',
      symbolic,
      'annotation takes its times from its parent and so loses its own',
      'annotations take their times from their parents and so lose their own',
    ),
    loss(
      'negative-times',
      negative,
      'annotation before the beginning is moved to 0',
      'annotations before the beginning are moved to 0',
    ),
    loss(
      'end-before-begin',
      inverted,
      'annotation that ends before it begins has its ends exchanged',
      'annotations that end before they begin have their ends exchanged',
    ),
  ].filter(({ count }) => count > 0)
}
