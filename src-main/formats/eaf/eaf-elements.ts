import { childOf, insertChild, setText } from '../xml/xml-edit.ts'
import { newElement, type XmlElement } from '../xml/xml-element.ts'
import { ROOT_ORDER } from './eaf-schema.ts'

/** Behind the last of the elements that come before it in the schema. */
export function insertInOrder(root: XmlElement, element: XmlElement): void {
  const place = ROOT_ORDER.indexOf(element.name as (typeof ROOT_ORDER)[number])
  const index = root.children.findLastIndex(({ name }) => {
    const other = ROOT_ORDER.indexOf(name as (typeof ROOT_ORDER)[number])
    return other >= 0 && other <= place
  })
  insertChild(root, element, index + 1)
}

/** Replaces the text of the value of an annotation, which gets one if it has none. */
export function setValue(element: XmlElement, value: string): void {
  let holder = childOf(element, 'ANNOTATION_VALUE')
  if (!holder) {
    holder = newElement('ANNOTATION_VALUE')
    insertChild(element, holder)
  }
  setText(holder, value)
}
