/** Words that repeat as glosses do, with some outside of Latin-1. */
const WORDS = ['HAUS1', 'GEHEN2A', 'INDEX1', 'heute abend', 'schön & gut', '手語', 'palm-up', '']

const TIERS = 20
const STEP_MS = 400

/**
 * An EAF of `annotations` annotations in the proportions of sign-language corpora: independent tiers with glosses whose
 * symbolic children hold mouthings; every annotation with two slots of its own, as ELAN writes them (about 390 bytes each).
 */
export function largeEaf(annotations: number): string {
  const aligned = Math.ceil((annotations * 2) / 3)
  const perTier = Math.ceil(aligned / TIERS)
  const slots: string[] = []
  const tiers: string[] = []
  let [slot, id, left] = [0, 0, annotations]
  for (let tier = 0; tier < TIERS; tier++) {
    const glosses: string[] = []
    const mouthings: string[] = []
    for (let at = 0; at < perTier && left > 0; at++) {
      slots.push(timeSlot((slot += 1), at * STEP_MS), timeSlot((slot += 1), at * STEP_MS + STEP_MS - 40))
      const glossId = `a${(id += 1)}`
      glosses.push(alignable(glossId, slot, WORDS[(at + tier) % WORDS.length] as string))
      left -= 1
      if (at % 2 === 1 || left === 0) continue
      mouthings.push(referring(`a${(id += 1)}`, glossId, WORDS[(at * 3) % WORDS.length] as string))
      left -= 1
    }
    tiers.push(
      `    <TIER LINGUISTIC_TYPE_REF="gloss" PARTICIPANT="S${tier}" TIER_ID="Gloss S${tier}">\n${glosses.join('')}    </TIER>\n`,
      `    <TIER LINGUISTIC_TYPE_REF="mouthing" PARENT_REF="Gloss S${tier}" PARTICIPANT="S${tier}" TIER_ID="Mouthing S${tier}">\n${mouthings.join('')}    </TIER>\n`,
    )
  }
  slots.sort((a, b) => timeOf(a) - timeOf(b))
  return `${HEAD}    <TIME_ORDER>\n${slots.join('')}    </TIME_ORDER>\n${tiers.join('')}${TAIL}`
}

const timeSlot = (n: number, ms: number) => `        <TIME_SLOT TIME_SLOT_ID="ts${n}" TIME_VALUE="${ms}"/>\n`

const timeOf = (slot: string) => Number(/TIME_VALUE="(\d+)"/.exec(slot)?.[1])

const escaped = (text: string) => text.replaceAll('&', '&amp;')

const alignable = (id: string, lastSlot: number, value: string) => `        <ANNOTATION>
            <ALIGNABLE_ANNOTATION ANNOTATION_ID="${id}" TIME_SLOT_REF1="ts${lastSlot - 1}" TIME_SLOT_REF2="ts${lastSlot}">
                <ANNOTATION_VALUE>${escaped(value)}</ANNOTATION_VALUE>
            </ALIGNABLE_ANNOTATION>
        </ANNOTATION>
`

const referring = (id: string, parent: string, value: string) => `        <ANNOTATION>
            <REF_ANNOTATION ANNOTATION_ID="${id}" ANNOTATION_REF="${parent}">
                <ANNOTATION_VALUE>${escaped(value)}</ANNOTATION_VALUE>
            </REF_ANNOTATION>
        </ANNOTATION>
`

const HEAD = `<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2024-05-31T12:00:00+02:00" FORMAT="3.0" VERSION="3.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
`

const TAIL = `    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="gloss" TIME_ALIGNABLE="true"/>
    <LINGUISTIC_TYPE CONSTRAINTS="Symbolic_Association" GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="mouthing" TIME_ALIGNABLE="false"/>
    <CONSTRAINT DESCRIPTION="1-1 association with a parent annotation" STEREOTYPE="Symbolic_Association"/>
</ANNOTATION_DOCUMENT>
`
