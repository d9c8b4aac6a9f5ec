import { SaxesParser } from 'saxes'

/** What Canonical XML compares, one line an event: names with their namespaces, sorted attributes, merged text. */
export function canonicalXml(bytes: Uint8Array): string[] {
  const events: string[] = []
  let text = ''
  const flush = () => {
    if (text) events.push(`text ${JSON.stringify(text)}`)
    text = ''
  }
  const parser = new SaxesParser({ xmlns: true })
  parser.on('error', error => {
    throw error
  })
  parser.on('text', part => (text += part))
  parser.on('cdata', part => (text += part))
  parser.on('comment', comment => {
    flush()
    events.push(`comment ${comment}`)
  })
  parser.on('processinginstruction', ({ target, body }) => {
    flush()
    events.push(`instruction ${target} ${body}`)
  })
  parser.on('opentag', ({ uri, local, attributes }) => {
    flush()
    const sorted = Object.values(attributes).map(
      ({ uri: space, name, value }) => `{${space}}${name}=${JSON.stringify(value)}`,
    )
    events.push(`open {${uri}}${local} ${sorted.sort().join(' ')}`)
  })
  parser.on('closetag', ({ local }) => {
    flush()
    events.push(`close ${local}`)
  })
  parser.write(new TextDecoder().decode(bytes)).close()
  return events
}
