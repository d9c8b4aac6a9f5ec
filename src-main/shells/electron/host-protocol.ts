/** What the window process tells the core host when it starts it, as JSON in argv[2]. */
export interface HostOptions {
  dataDir: string
  resourcesDir: string
  modelsDir: string
  version: string
}

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
