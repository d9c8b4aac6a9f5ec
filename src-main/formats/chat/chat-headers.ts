import { basename, extname } from 'node:path/posix'
import type { AnnotationDocument, AnnotationTier } from '../annotation-document.ts'
import { idFields } from './chat-to-document.ts'
import type { ChatHeader } from './chat-transcript.ts'

/** Written from the tiers, the media and the author; a property of their name would stand there twice. */
const OWN = new Set([
  '@UTF8',
  '@Begin',
  '@End',
  '@Font',
  '@Window',
  '@ColorWords',
  '@Languages',
  '@Participants',
])
const HEADER = /^@[A-Z][A-Za-z0-9 -]*$/
const DEFAULT_ROLE = 'Participant'

/** The headers in the order that CHECK of CLAN wants: languages, participants, ids, media, and all others. */
export function chatHeaders(
  { author, media, languages, properties }: AnnotationDocument,
  mains: readonly AnnotationTier[],
  codes: ReadonlyMap<AnnotationTier, string>,
): ChatHeader[] {
  const kept = properties.filter(({ name, value }) => HEADER.test(name) && !OWN.has(name) && isLine(value))
  const roles = new Map(
    kept
      .filter(({ name }) => name === '@ID')
      .map(({ value }) => [idFields(value).code, idFields(value).role]),
  )
  const speakers = mains.map(tier => {
    const code = codes.get(tier)!
    const name = tier.participant === code ? '' : tier.participant.trim().replace(/[\s,]+/g, '_')
    return { tier, code, name, role: roles.get(code)?.replace(/[\s,]+/g, '_') || DEFAULT_ROLE }
  })
  const spoken = mains.map(({ language }) => language).filter(language => isCode(language))
  const known = [...languages.map(({ id }) => id).filter(isCode), ...spoken]
  const ids = speakers
    .filter(({ code }) => !roles.has(code))
    .map(({ tier, code, role }) => ({
      name: '@ID',
      value: `${isCode(tier.language) ? tier.language : 'und'}|corpus|${code}|||||${role}|||`,
    }))
  return [
    { name: '@Languages', value: [...new Set(known)].join(', ') || 'und' },
    {
      name: '@Participants',
      value: speakers
        .map(({ code, name, role }) => [code, clean(name), role].filter(Boolean).join(' '))
        .join(', '),
    },
    ...ids,
    ...kept.filter(({ name }) => name === '@ID'),
    ...(kept.some(({ name }) => name === '@Media') ? [] : mediaHeader(media)),
    ...(author !== '' && isLine(author) ? [{ name: '@Transcriber', value: author }] : []),
    ...kept.filter(({ name }) => name !== '@ID'),
  ]
}

/** Of the first one, without folder and ending: CHAT looks for it beside the transcript. */
function mediaHeader([first]: AnnotationDocument['media']): ChatHeader[] {
  if (!first) return []
  const path = (first.relativeUrl || first.url).split(/[/\\]/).at(-1) ?? ''
  const name = clean(basename(decoded(path), extname(path)))
  if (name === '' || name.includes(',')) return []
  return [{ name: '@Media', value: `${name}, ${first.mimeType.startsWith('audio') ? 'audio' : 'video'}` }]
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}

function isCode(language: string): boolean {
  return /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(language)
}

function isLine(text: string): boolean {
  return clean(text) === text
}

function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
}
