import { NO_CHILDREN, type XmlElement } from './xml-element.ts'

function touch(element: XmlElement): void {
  for (let at: XmlElement | null = element; at && !at.isChanged; at = at.parent) at.isChanged = true
}

/** Sets, or with `null` removes, an attribute; writing what is there already changes nothing. */
export function setAttribute(element: XmlElement, name: string, value: string | null): void {
  if ((element.attributes[name] ?? null) === value) return
  if (value === null) delete element.attributes[name]
  else element.attributes[name] = value
  element.isTagChanged = true
  touch(element)
}

/** Replaces the characters inside an element that has no elements in it. */
export function setText(element: XmlElement, text: string): void {
  if (element.text === text) return
  if (element.children.length) throw new Error(`${element.name} holds elements, not text`)
  element.text = text
  element.isTextChanged = true
  touch(element)
}

function changeChildren(parent: XmlElement): XmlElement[] {
  if (parent.start >= 0) parent.sourceChildren ??= parent.children.slice()
  if (parent.children === NO_CHILDREN) parent.children = []
  touch(parent)
  return parent.children
}

/** Puts a child before the one that now stands at `index`, at the end without one. */
export function insertChild(parent: XmlElement, child: XmlElement, index = parent.children.length): void {
  changeChildren(parent).splice(index, 0, child)
  child.parent = parent
}

export function removeElement(element: XmlElement): void {
  const { parent } = element
  if (!parent) return
  changeChildren(parent).splice(parent.children.indexOf(element), 1)
  element.parent = null
}

/** Replaces many children at once. */
export function setChildren(parent: XmlElement, children: XmlElement[]): void {
  changeChildren(parent)
  parent.children = children
  for (const child of children) child.parent = parent
}

export function childrenOf(parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter(child => child.name === name)
}

export function childOf(parent: XmlElement, name: string): XmlElement | undefined {
  return parent.children.find(child => child.name === name)
}
