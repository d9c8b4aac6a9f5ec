/**
 * An element over its source text. Only elements have objects; white space, comments and instructions between
 * them stay in the source, from where the writer copies whatever was not edited.
 */
export interface XmlElement {
  name: string
  readonly attributes: Record<string, string>
  children: XmlElement[]
  parent: XmlElement | null
  /** Character data directly inside, references resolved; empty where it is only white space between elements. */
  text: string
  /** Counted from 1; 0 for an element that is not from the file. */
  line: number
  /** Places in the source: `<`, behind the start tag, the `<` of the end tag, behind it. -1 for a new element. */
  start: number
  openEnd: number
  closeStart: number
  end: number
  /** The start tag differs from the source. */
  isTagChanged: boolean
  isTextChanged: boolean
  /** This element, or one below it, differs from the source. */
  isChanged: boolean
  /** The children of the source, once they were changed. */
  sourceChildren: XmlElement[] | null
}

export const MAX_DEPTH = 200
export const MAX_ATTRIBUTE_LENGTH = 64 * 1024 * 1024

export function newElement(name: string, attributes: Record<string, string> = {}, text = ''): XmlElement {
  return {
    name,
    attributes,
    children: [],
    parent: null,
    text,
    line: 0,
    start: -1,
    openEnd: -1,
    closeStart: -1,
    end: -1,
    isTagChanged: true,
    isTextChanged: true,
    isChanged: true,
    sourceChildren: null,
  }
}

/**
 * A record without a prototype, so that any name is only a name; but, unlike those of `Object.create(null)`, in the
 * compact form that objects of one class have. Large files have a million of them.
 */
export const Attributes = function () {} as unknown as { new (): Record<string, string>; prototype: object }
Attributes.prototype = Object.create(null) as object

/** Leaves share it; `xml-edit` replaces it before a child is added. */
export const NO_CHILDREN: XmlElement[] = Object.freeze([]) as unknown as XmlElement[]

export function sourceElement(
  name: string,
  line: number,
  start: number,
  parent: XmlElement | null,
): XmlElement {
  return {
    name,
    attributes: new Attributes(),
    children: NO_CHILDREN,
    parent,
    text: '',
    line,
    start,
    openEnd: start,
    closeStart: start,
    end: start,
    isTagChanged: false,
    isTextChanged: false,
    isChanged: false,
    sourceChildren: null,
  }
}

export function isBlank(text: string): boolean {
  return !/[^ \t\r\n]/.test(text)
}
