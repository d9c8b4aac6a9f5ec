import { AppError } from '#shared/contract/errors.ts'
import { childOf, childrenOf } from '../xml/xml-edit.ts'
import { parseXml } from '../xml/xml-tree.ts'
import { type XmlElement } from '../xml/xml-element.ts'

/** What ELAN keeps about the display of a document in the .pfsx file beside it. */
export interface EafPreferences {
  /** Names of tiers from top to bottom; empty where the order of the file holds. */
  tierOrder: string[]
  hiddenTiers: string[]
  /** `#rrggbb` by tier. */
  tierColors: Record<string, string>
  /** Font names by tier. */
  tierFonts: Record<string, string>
  activeTier: string
  selection: { startMs: number; endMs: number } | null
  mediaTimeMs: number | null
  /** All of the single values, by key, as they stand in the file. */
  values: Record<string, string>
  /** Of everything in the file, groups and lists by their own key; what is empty is left out. */
  keys: string[]
}

export function readPfsx(bytes: Uint8Array, file: string): EafPreferences {
  const { root } = parseXml(bytes, file)
  if (root.name !== 'preferences')
    throw new AppError(
      'corrupt-file',
      `${file}, line ${root.line}, column 1: these are no preferences of ELAN; the file begins with <${root.name}>. Choose a .pfsx file.`,
      { details: { file, line: root.line, column: 1, root: root.name } },
    )
  const values = valuesOf(root)
  const [start, end] = [wholeMs(values['SelectionBeginTime']), wholeMs(values['SelectionEndTime'])]
  return {
    tierOrder: listOf(root, 'MultiTierViewer.TierOrder'),
    hiddenTiers: listOf(root, 'MultiTierViewer.HiddenTiers'),
    tierColors: mapOf(groupOf(root, 'TierColors'), toColor),
    tierFonts: mapOf(groupOf(root, 'TierFonts'), text => text.split(/[,-]/)[0] || null),
    activeTier: values['MultiTierViewer.ActiveTierName'] ?? '',
    selection: start !== null && end !== null && end > start ? { startMs: start, endMs: end } : null,
    mediaTimeMs: wholeMs(values['MediaTime']),
    values,
    keys: keysOf(root),
  }
}

function keysOf(root: XmlElement): string[] {
  const filled = root.children.filter(({ children }) => children.length > 0)
  return [...new Set(filled.map(({ attributes }) => attributes['key'] ?? '').filter(key => key !== ''))]
}

/** A `pref` holds one typed element with the value as text; lists hold several. */
function valuesOf(root: XmlElement): Record<string, string> {
  const values: Record<string, string> = {}
  for (const pref of childrenOf(root, 'pref')) {
    const [only] = pref.children
    const key = pref.attributes['key']
    if (key && only && !only.children.length) values[key] = only.text
  }
  return values
}

function listOf(root: XmlElement, key: string): string[] {
  const list = [...childrenOf(root, 'prefList'), ...childrenOf(root, 'pref')].find(
    ({ attributes }) => attributes['key'] === key,
  )
  return list?.children.map(({ text }) => text) ?? []
}

function groupOf(root: XmlElement, key: string): XmlElement | undefined {
  return childrenOf(root, 'prefGroup').find(({ attributes }) => attributes['key'] === key)
}

function mapOf(group: XmlElement | undefined, read: (text: string) => string | null): Record<string, string> {
  const values: Record<string, string> = {}
  for (const pref of group ? childrenOf(group, 'pref') : []) {
    const value = read(childOf(pref, 'Object')?.text ?? pref.children[0]?.text ?? '')
    if (pref.attributes['key'] !== undefined && value !== null) values[pref.attributes['key']] = value
  }
  return values
}

/** java.awt.Color: `255,0,128`. */
function toColor(text: string): string | null {
  const parts = text.split(',').map(Number)
  if (parts.length < 3 || parts.slice(0, 3).some(part => !Number.isInteger(part) || part < 0 || part > 255))
    return null
  return `#${parts
    .slice(0, 3)
    .map(part => part.toString(16).padStart(2, '0'))
    .join('')}`
}

function wholeMs(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : null
}
