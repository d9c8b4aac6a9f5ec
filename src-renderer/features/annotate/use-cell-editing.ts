import type { Annotation } from '#shared/contract/annotation.ts'
import type { TierId } from '#shared/contract/ids.ts'
import { shallowReactive, shallowRef } from 'vue'
import type { AnnotationEdits, Span } from './edits.ts'

/** A cell of a table: an annotation, or the place where one would be made. */
export interface Cell {
  tierId: TierId
  item: Annotation | null
  /** Where a new one goes. */
  span: Span
}

export function keyOfCell({ tierId, item, span }: Cell): string {
  return item ? `a${item.id}` : `n${tierId}-${span.startMs}`
}

/**
 * The one cell that is open for typing. Its text is kept when it is left, unless it is cancelled. The next cell opens
 * without waiting for the core, so that no key is lost between two cells.
 */
export function useCellEditing(edits: AnnotationEdits) {
  const open = shallowRef<Cell | null>(null)
  const text = shallowRef('')
  /** Texts on their way to the core: what a cell shows before there is an annotation. */
  const sent = shallowReactive(new Map<string, string>())
  let underWay: Promise<unknown> = Promise.resolve()

  function start(cell: Cell): void {
    void keep()
    open.value = cell
    text.value = textOf(cell)
  }

  function textOf(cell: Cell): string {
    return sent.get(keyOfCell(cell)) ?? cell.item?.value ?? ''
  }

  async function store(cell: Cell, value: string): Promise<boolean> {
    const key = keyOfCell(cell)
    sent.set(key, value)
    const isStored = cell.item
      ? await edits.update(cell.item, { value })
      : (await edits.create(cell.tierId, cell.span, value)) !== null
    if (sent.get(key) === value) sent.delete(key)
    return isStored
  }

  /** Stores what is typed and closes the cell; a text typed where there is no annotation makes one. */
  function keep(): Promise<unknown> {
    const [cell, value] = [open.value, text.value]
    open.value = null
    if (cell && value !== textOf(cell) && (cell.item || value.trim() !== '')) underWay = store(cell, value)
    return underWay
  }

  /** For a field that loses the focus: by then another cell may be open. */
  function leave(key: string): void {
    if (open.value && keyOfCell(open.value) === key) void keep()
  }

  function cancel(): void {
    open.value = null
  }

  const isOpen = (cell: Cell) => open.value !== null && keyOfCell(open.value) === keyOfCell(cell)
  return { open, text, start, keep, leave, cancel, isOpen, textOf }
}
