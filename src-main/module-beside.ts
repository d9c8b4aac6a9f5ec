import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * The module that a process or thread starts with: the source where we run from source (Node reads TypeScript),
 * else the entry of that name in the built program, whose shared code may lie in a folder of chunks.
 */
export function moduleBeside(here: string, source: string, built: string): URL {
  if (here.endsWith('.ts')) return new URL(source, here)
  const places = [new URL(`./${built}`, here), new URL(`../${built}`, here)]
  const found = places.find(place => existsSync(fileURLToPath(place)))
  if (!found) throw new Error(`${built} is missing from the program. Build or install it again.`)
  return found
}
