/**
 * The module that a process or thread starts with: the source where we run from source (Node reads TypeScript),
 * else the entry of that name in the folder of the built program.
 */
export function moduleBeside(here: string, source: string, built: string): URL {
  return new URL(here.endsWith('.ts') ? source : built, here)
}
