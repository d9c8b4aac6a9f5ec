import type { Command } from '../../stores/commands.ts'

/** How well a title answers what was typed; undefined where it does not match at all. */
export function matchQuality(title: string, typed: string): number | undefined {
  const words = typed.trim().toLowerCase()
  const text = title.toLowerCase()
  if (text.startsWith(words)) return 3
  if (text.split(/[\s:“„(/]+/).some(word => word.startsWith(words))) return 2
  if (text.includes(words)) return 1
  const initials = text.split(/[^\p{L}\p{N}]+/u).map(word => word.charAt(0))
  return initials.join('').includes(words) ? 0 : undefined
}

/** Best first; commands that match alike keep their order. Initials count only where nothing is better. */
export function rankCommands(commands: readonly Command[], typed: string): Command[] {
  const matching = commands
    .map(command => ({ command, quality: matchQuality(command.title(), typed) ?? -1 }))
    .filter(({ quality }) => quality >= 0)
    .sort((a, b) => b.quality - a.quality)
  const best = matching[0]?.quality ?? 0
  return matching.filter(({ quality }) => quality > 0 || best === 0).map(({ command }) => command)
}
