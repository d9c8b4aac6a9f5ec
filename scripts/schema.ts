/** Writes src-main/db/schema.sql from the migrations: node scripts/schema.ts */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemaText } from '#main/db/schema.ts'

const file = join(import.meta.dirname, '../src-main/db/schema.sql')
writeFileSync(file, schemaText())
console.log(`${file} written`)
