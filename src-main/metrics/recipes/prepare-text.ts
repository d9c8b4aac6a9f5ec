import { pythonSplit, pythonStrip } from '../python-text.ts'
import type { Procedure } from './procedure.ts'

/** Encodes and decodes a sentence with a model's tokenizer. */
export type RoundTrip = (text: string) => string

type Side = 'hypothesis' | 'reference'

const NAMED_ENTITIES: Record<string, string> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
}
export const ENTITY = /&(?:(amp|lt|gt|quot|apos|nbsp)|#(\d{1,7})|#[xX]([\da-fA-F]{1,6}));/g
/** Joiners that shape letters and emoji (U+200C, U+200D) are not among them. */
export const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g
export const SPACE_BEFORE_MARK = /[^\S\n]+([.,!?;:…。，！？；：])(?=\s|$)/g
/** Sentence-final full stops; question and exclamation marks mean something and stay. */
export const FINAL_STOP = /\s*[.。．｡]\s*$/

function decodeEntities(text: string): string {
  return text.replace(ENTITY, (whole, name?: string, decimal?: string, hex?: string) => {
    if (name !== undefined) return NAMED_ENTITIES[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10_ffff ? String.fromCodePoint(code) : whole
  })
}

/** Full-width forms of ASCII (U+FF01 to FF5E) and the ideographic space. */
export function toHalfWidth(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, character => String.fromCharCode(character.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
}

function withWidth(text: string, width: Procedure['width'], side: Side): string {
  if (width === 'half') return toHalfWidth(text)
  if (width === 'reference-marks' && side === 'reference')
    return text.replaceAll('，', ',').replaceAll('？', '?')
  return text
}

function withStop(text: string, stop: Procedure['stop'], side: Side): string {
  if (stop === 'strip') return text.replace(FINAL_STOP, '')
  if (stop !== 'append-reference' || side !== 'reference') return text
  const stripped = pythonStrip(text)
  return stripped.endsWith('.') ? stripped : `${stripped}.`
}

function withCase(text: string, casing: Procedure['case'], side: Side): string {
  return casing === 'lower' || (casing === 'lower-references' && side === 'reference')
    ? text.toLowerCase()
    : text
}

function withCharacters(text: string, characters: Procedure['characters']): string {
  if (characters === 'keep') return text
  const kept = characters === 'split' ? pythonSplit(text).join('') : text
  return Array.from(kept).join(' ')
}

/** A sentence as a procedure's metrics read it; `roundTrip` is used where the procedure asks for one. */
export function prepareText(text: string, procedure: Procedure, side: Side, roundTrip?: RoundTrip): string {
  let prepared = procedure.entities === 'decode' ? decodeEntities(text) : text
  if (procedure.strip === 'invisible') prepared = prepared.replace(INVISIBLE, '')
  if (procedure.nfc === 'yes') prepared = prepared.normalize('NFC')
  prepared = withWidth(prepared, procedure.width, side)
  if (procedure.spacing === 'detokenize') prepared = prepared.replace(SPACE_BEFORE_MARK, '$1')
  prepared = withStop(prepared, procedure.stop, side)
  if (procedure.refsrc === 'round-trip' && side === 'reference' && roundTrip) prepared = roundTrip(prepared)
  prepared = withCase(prepared, procedure.case, side)
  return withCharacters(prepared, procedure.characters)
}

/** The references of a segment as a procedure's metrics read them; a missing one stays missing. */
export function prepareReferences(
  references: readonly (string | null)[],
  procedure: Procedure,
  roundTrip?: RoundTrip,
): (string | null)[] {
  const present = references.filter(text => text !== null)
  const wanted = procedure.references === 'first' ? present.slice(0, 1) : references
  return wanted.map(text => (text === null ? null : prepareText(text, procedure, 'reference', roundTrip)))
}
