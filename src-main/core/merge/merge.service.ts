import { basename } from 'node:path'
import { AppError } from '#shared/contract/errors.ts'
import type { MergeConflict, MergePreview, MergeResolution, MergeSource } from '#shared/contract/merge.ts'
import { recordingName } from '../annotation/annotation.queries.ts'
import { listFiles } from '../annotation-files/annotation-file.queries.ts'
import { readKept } from '../annotation-files/kept-bytes.ts'
import { readAnnotationFile } from '../annotation-files/read-file.ts'
import type { CorpusContext } from '../context.ts'
import type { Editing } from '../edit/edit.service.ts'
import { createRowStore } from '../edit/row-store.ts'
import { readAnnotationsAs } from '../../formats/convert.ts'
import { createReferenceService } from '../reference/reference.service.ts'
import { pastAt } from '../history/past.ts'
import { copiesOf, isCorpusPath, withCorpus, type Copies } from './copies.ts'
import { matchItems } from './match.ts'
import { byName, documentOfFile, documentOfPast, documentOfRecording } from './merge-document.ts'
import { saveReferences, withoutReferences } from './merge-references.ts'
import type { Item, MergeDocument } from './merge-types.ts'
import { resolveMerge } from './resolve.ts'
import { planMerge, type Conflict, type MergePlan, type Operation } from './three-way.ts'
import { writeMerge } from './write-merge.ts'
import { sha256OfFacts } from '../../formats/sha256.ts'

interface Prepared extends Copies {
  plan: MergePlan
  base: MergeDocument
  baseKind: MergePreview['base']
  token: string
}

/** Joins another annotator's copy of a recording into this one. */
export function createMergeService(context: CorpusContext, { editing }: { editing: Editing }) {
  const { db } = context
  const references = createReferenceService(context, { editing })

  async function preview(source: MergeSource): Promise<MergePreview> {
    const prepared = await prepare(context, source)
    const { plan, ours, theirs, baseKind, partedAt, token } = prepared
    const known = new Set(ours.tiers.map(({ key }) => key))
    const there = new Set(theirs.tiers.map(({ key }) => key))
    return {
      token,
      recording: recordingName(db, source.recordingId),
      base: baseKind,
      baseAt: source.base.kind === 'date' ? source.base.at : partedAt,
      tiers: theirs.tiers.map(({ key, name }) => ({
        tier: name,
        isNew: !known.has(key),
        ...countsOn(key, plan.operations, ours),
      })),
      onlyHere: ours.tiers.filter(({ key }) => !there.has(key)).map(({ name }) => name),
      conflicts: plan.conflicts.map(conflict => shownConflict(conflict, [...ours.tiers, ...theirs.tiers])),
    }
  }

  async function apply(input: { source: MergeSource; token: string; resolutions: MergeResolution[] }) {
    const { plan, theirs, ours, matches, token } = await prepare(context, input.source)
    if (token !== input.token)
      throw new AppError(
        'conflict',
        'One of the two copies has changed since the questions were asked. Nothing was merged; look at the merge again.',
      )
    const answers = new Map(input.resolutions.map(({ id, ...answer }) => [id, answer]))
    const open = plan.conflicts.filter(({ id }) => !answers.has(id))
    if (open.length > 0)
      throw new AppError('invalid-input', `${open.length} questions of the merge have no answer yet.`)
    const operations = resolveMerge(plan, theirs, answers)
    const { recordingId } = input.source
    const documents = { ours: withoutReferences(ours), theirs: withoutReferences(theirs) }
    editing.together(`Merge ${basename(input.source.theirs)}`, () => {
      const onTiers = saveReferences(db, references, operations)
      editing.run('', {}, tx => writeMerge({ db, tx }, onTiers, { recordingId, ...documents, matches }))
    })
    const count = (kind: Operation['kind']) => operations.filter(each => each.kind === kind).length
    return { added: count('add'), changed: count('update'), removed: count('remove') }
  }

  return { preview, apply }
}

async function prepare(context: CorpusContext, source: MergeSource): Promise<Prepared> {
  const { db } = context
  const { recordingId } = source
  const name = recordingName(db, recordingId)
  const isCorpus = isCorpusPath(source.theirs)
  if (isCorpus && source.base.kind === 'auto') {
    const copies = withCorpus(source.theirs, other => copiesOf(db, other, recordingId, name))
    return planned(copies, copies.partedAt === null ? 'nothing' : 'log')
  }
  const theirs = isCorpus
    ? withCorpus(source.theirs, other => copiesOf(db, other, recordingId, name).theirs)
    : documentOfFile((await readAnnotationFile(source.theirs, 'auto', { acceptRepairs: true })).document)
  const ours = documentOfRecording(db, recordingId, byName)
  const { base, kind } = await baseOf(context, source)
  const isFile = kind === 'import' || kind === 'file'
  const matches = {
    ours: matchItems(base, ours, { byId: kind === 'date' }),
    theirs: matchItems(base, theirs, { byId: isFile && !isCorpus }),
  }
  return planned({ base, ours, theirs, matches, partedAt: null }, kind)
}

function planned(copies: Copies, baseKind: MergePreview['base']): Prepared {
  const { base, ours, theirs, matches } = copies
  const token = sha256OfFacts([base, ours, theirs])
  return { ...copies, plan: planMerge(base, ours, theirs, matches), baseKind, token }
}

async function baseOf(
  context: CorpusContext,
  { recordingId, base }: MergeSource,
): Promise<{ base: MergeDocument; kind: MergePreview['base'] }> {
  const { db, dir } = context
  if (base.kind === 'date') {
    const past = pastAt(db, createRowStore(db), base.at)
    return { base: documentOfPast(db, past, recordingId, byName), kind: 'date' }
  }
  if (base.kind === 'file') {
    const { document } = await readAnnotationFile(base.file, 'auto', { acceptRepairs: true })
    return { base: documentOfFile(document), kind: 'file' }
  }
  const imported = listFiles(db, recordingId).at(-1)
  if (!imported) return { base: { tiers: [], items: [] }, kind: 'nothing' }
  const bytes = await readKept(dir, imported.baseHash)
  const { document } = readAnnotationsAs(imported.format, bytes, imported.path)
  return { base: documentOfFile(document), kind: 'import' }
}

function countsOn(tier: string, operations: readonly Operation[], ours: MergeDocument) {
  const tiers = new Map(ours.items.map(item => [item.id, item.tier]))
  const here = operations.filter(each => (each.kind === 'add' ? each.item.tier : tiers.get(each.id)) === tier)
  const count = (kind: Operation['kind']) => here.filter(each => each.kind === kind).length
  return { added: count('add'), changed: count('update'), removed: count('remove') }
}

function shownConflict(conflict: Conflict, tiers: MergeDocument['tiers']): MergeConflict {
  const facts = ({ startMs, endMs, value }: Pick<Item, 'startMs' | 'endMs' | 'value'>) => ({
    startMs,
    endMs,
    value,
  })
  return {
    id: conflict.id,
    kind: conflict.kind,
    tier: tiers.find(({ key }) => key === conflict.tier)?.name ?? conflict.tier,
    base: conflict.base && facts(conflict.base),
    ours: conflict.ours.map(facts),
    theirs: conflict.theirs && facts(conflict.theirs),
    both: conflict.both && facts(conflict.both),
  }
}
