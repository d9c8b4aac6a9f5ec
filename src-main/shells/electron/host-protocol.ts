/** What the window process tells the core host when it starts it, as JSON in argv[2]. */
export interface HostOptions {
  dataDir: string
  resourcesDir: string
  modelsDir: string
  version: string
}

/** The core asks the window process, which has a browser. */
export interface PrintQuestion {
  kind: 'print'
  id: number
  html: string
}

export type PrintAnswer =
  | { kind: 'printed'; id: number; pdf: Uint8Array }
  | { kind: 'not-printed'; id: number; reason: string }

/** The core asks the window process, which reaches the system's keychain. */
export interface KeyQuestion {
  kind: 'key'
  id: number
  host: string
  act: { kind: 'get' } | { kind: 'set'; key: string | null }
}

export type KeyAnswer =
  | { kind: 'key'; id: number; key: string | null }
  | { kind: 'no-key'; id: number; reason: string }

export interface MediaQuestion {
  kind: 'media'
  url: string
  method: string
  headers: Record<string, string>
}

export type MediaAnswer =
  | { kind: 'head'; status: number; headers: Record<string, string>; hasBody: boolean }
  | { kind: 'chunk'; bytes: Uint8Array }
  | { kind: 'end' }
