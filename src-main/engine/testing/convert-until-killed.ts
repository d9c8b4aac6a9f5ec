/** Converts the seeded model of a folder and says how far it is, until somebody kills it; for tests. */
import { join } from 'node:path'
import { convertFromFolders } from '../bundle/convert-folders.ts'

const [dir = '', outDir = ''] = process.argv.slice(2)
await convertFromFolders(
  { sources: [join(dir, 'sources')], outDir, precision: 'auto' },
  { onProgress: ({ done, total }) => process.stdout.write(`${done}/${total}\n`) },
)
process.stdout.write('done\n')
