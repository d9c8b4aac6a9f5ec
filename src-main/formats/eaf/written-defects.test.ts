import { expect, test } from 'vitest'
import { EAF } from '../testing/eaf-fixture.ts'
import { realFiles } from '../testing/real-files.ts'
import { eafDefects, writtenDefects } from './eaf-defects.ts'
import { type EafDocument, readEaf, writeEafWithLines } from './eaf-document.ts'
import { addAlignedAnnotation, addTier, removeTier, renameTier, setAnnotationValue } from './eaf-edit.ts'

const told = (defects: ReturnType<typeof eafDefects>) =>
  defects.map(({ code, line, message, repair }) => `${line} ${code} ${message} ${repair}`).sort()

/** What is told of a document in memory, and of the file that it becomes once that is read. */
function both(bytes: Uint8Array, edit: (eaf: EafDocument) => void) {
  const eaf = readEaf(bytes, 'a.eaf')
  edit(eaf)
  const written = writeEafWithLines(eaf)
  return {
    inMemory: told(writtenDefects(eaf, written.lineOf)),
    inFile: told(eafDefects(readEaf(written.bytes, 'a.eaf'))),
  }
}

const BROKEN = EAF.replace('DATE="2024-05-31T12:00:00+02:00"', 'DATE="yesterday"')
  .replace('TIME_VALUE="6000"', 'TIME_VALUE="9000"')
  .replace('LINGUISTIC_TYPE_REF="gloss"', 'LINGUISTIC_TYPE_REF="gone"')

const EDITS: Record<string, (eaf: EafDocument) => void> = {
  'no edit': () => {},
  'a text of two lines': eaf => setAnnotationValue(eaf, 'a1', 'one\ntwo'),
  'a tier with annotations that overlap': eaf => {
    addTier(eaf, 'New', { typeName: 'sentence' })
    for (const startMs of [100, 300])
      addAlignedAnnotation(eaf, 'New', { startMs, endMs: startMs + 500, value: 'x\ny' })
  },
  'a tier renamed and one removed': eaf => {
    renameTier(eaf, 'Word', 'Words')
    removeTier(eaf, 'Gloss')
  },
}

test.each(Object.keys(EDITS))(
  'after %s, memory tells of the defects that the file has, on its lines',
  name => {
    for (const text of [EAF, BROKEN, BROKEN.replaceAll('\n', '\r\n')]) {
      const { inMemory, inFile } = both(Buffer.from(text), EDITS[name]!)
      expect(inMemory).toEqual(inFile)
      if (text !== EAF) expect(inFile.length).toBeGreaterThan(1)
    }
  },
)

test.each(realFiles('.eaf').filter(({ bytes }) => bytes.length > 0 && bytes.length < 500_000))(
  '$name: edited in its first tier, memory tells what the file would',
  ({ bytes }) => {
    const { inMemory, inFile } = both(bytes, eaf => {
      const [first] = eaf.tiers.flatMap(({ annotations }) => annotations)
      if (first && eaf.annotationsById.get(first.id)?.length === 1)
        setAnnotationValue(eaf, first.id, 'a\nb\nc')
    })
    expect(inMemory).toEqual(inFile)
  },
)
