/** `wanted`, or with a number behind it where that name is taken; the name is taken from then on. */
export function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let at = 2; taken.has(name); at++) name = `${wanted} (${at})`
  taken.add(name)
  return name
}
