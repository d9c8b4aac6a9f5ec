/**
 * Agreement of two annotators over fifty recordings with ten tiers each, all figures and the test against chance.
 *
 *   node bench/agreement.bench.ts [--recordings 50] [--tiers 10] [--annotations 300]
 */
import { parseArgs } from 'node:util'
import { AgreementInput, DISAGREEMENT_KINDS } from '#shared/contract/agreement.ts'
import { createAgreementService } from '#main/core/agreement/agreement.service.ts'
import { addRecording, testContext } from '#main/core/testing/corpus.ts'
import { memoryDatabase } from '#main/db/open.ts'

const { values } = parseArgs({
  options: {
    recordings: { type: 'string', default: '50' },
    tiers: { type: 'string', default: '10' },
    /** Of each tier. */
    annotations: { type: 'string', default: '300' },
  },
})
const [recordings, tiers, annotations] = [
  Number(values.recordings),
  Number(values.tiers),
  Number(values.annotations),
]

const db = memoryDatabase()
fill()
const agreement = createAgreementService(testContext(db))
const input = AgreementInput.parse({ selection: { by: 'suffix' } })

const began = performance.now()
const processor = process.cpuUsage()
const report = await agreement.measure(input)
const measured = performance.now()
const { user, system } = process.cpuUsage(processor)
const { total } = await agreement.disagreements({
  ...input,
  kinds: DISAGREEMENT_KINDS,
  offset: 0,
  limit: 200,
})
const listed = performance.now()
console.log(
  `${recordings} recordings × ${tiers} tiers × 2 annotators, ${annotations} annotations a tier (${2 * recordings * tiers * annotations} in all)`,
)
console.log(
  `all figures: ${((measured - began) / 1000).toFixed(2)} s (budget 10 s), ${((user + system) / 1e6).toFixed(2)} s of processor time`,
)
console.log(`list of ${total} disagreements: ${((listed - measured) / 1000).toFixed(2)} s`)
for (const { figure, value, p } of report.values)
  console.log(
    `  ${figure.padEnd(16)} ${value?.toFixed(4) ?? 'undefined'}${p === null ? '' : `  p = ${p.toFixed(4)}`}`,
  )
db.close()

/** The second annotator moves boundaries by up to 120 ms, leaves out every 17th sign and relabels every 11th. */
function fill(): void {
  const type = db
    .prepare(`INSERT INTO tier_type (name, stereotype) VALUES ('gloss', 'none')`)
    .run().lastInsertRowid
  const tier = db.prepare(`INSERT INTO tier (recording_id, type_id, name, ordinal) VALUES (?, ?, ?, ?)`)
  const insert = db.prepare(`INSERT INTO annotation (tier_id, start_ms, end_ms, value) VALUES (?, ?, ?, ?)`)
  db.transaction(() => {
    for (let r = 0; r < recordings; r++) {
      const { recordingId } = addRecording(db, `recording-${r}`)
      for (let t = 0; t < tiers; t++) {
        const first = tier.run(recordingId, type, `Tier ${t}@A`, 2 * t).lastInsertRowid
        const second = tier.run(recordingId, type, `Tier ${t}@B`, 2 * t + 1).lastInsertRowid
        let at = 0
        for (let n = 0; n < annotations; n++) {
          const random = (n * 7919 + t * 104_729 + r * 1299) % 1000
          const [startMs, endMs] = [at + 200 + (random % 300), at + 700 + random]
          at = endMs
          const label = `SIGN-${random % 120}`
          insert.run(first, startMs, endMs, label)
          if (n % 17 !== 0)
            insert.run(
              second,
              startMs + (random % 120),
              endMs + (random % 70),
              n % 11 === 0 ? 'OTHER' : label,
            )
        }
      }
    }
  })()
}
