/**
 * Runs `work` on up to `limit` items at a time and yields the results in the order of the items.
 * Breaking out of the loop starts nothing more; what has started runs to its end unheard.
 */
export async function* inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const started: Promise<Result>[] = []
  let next = 0
  const startNext = () => {
    const item = items[next++]
    if (item === undefined) return
    const result = work(item)
    // A failure is thrown where its turn comes, not as an unhandled rejection before.
    result.catch(() => {})
    started.push(result)
  }
  while (next < Math.min(limit, items.length)) startNext()
  for (let first = started.shift(); first !== undefined; first = started.shift()) {
    const result = await first
    startNext()
    yield result
  }
}
