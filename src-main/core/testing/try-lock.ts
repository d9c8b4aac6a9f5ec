/** Tries to take a lock, says how it went, and holds it until its input ends. */
import { AppError } from '#shared/contract/errors.ts'
import { acquireLock } from '../corpus/lock.ts'

let said = 'got'
let release = () => {}
try {
  release = acquireLock(process.argv[2] ?? '', () => Date.now()).release
} catch (error) {
  if (!(error instanceof AppError)) throw error
  said = error.code
}
process.stdout.write(`${said}\n`)
process.stdin.resume().on('end', () => release())
