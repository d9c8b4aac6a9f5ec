import { z } from 'zod'
import { base, Nothing } from './base.ts'
import { MediaId } from './ids.ts'

/** How the videos of recordings are shown in one corpus. Lists hold media of any of its recordings. */
export const ViewChoice = z.strictObject({
  /** One large and the others in a strip, side by side, or in a grid. */
  layout: z.enum(['large', 'row', 'grid']),
  order: z.array(MediaId),
  hidden: z.array(MediaId),
  /** Followers that are heard; the leader is heard unless it is silent. */
  audible: z.array(MediaId),
  /** What the others of its recording go by, where it is not the medium of the clip. */
  leaders: z.array(MediaId),
})
export type ViewChoice = z.infer<typeof ViewChoice>

const fields = {
  locale: z.enum(['auto', 'en', 'de', 'zh']),
  theme: z.enum(['system', 'dark', 'light']),
  keymap: z.enum(['signwright', 'elan', 'aegisub', 'praat', 'boris']),
  /** Keymap → command id → the user's own keys for it; an empty list takes the keys away. */
  ownKeys: z.record(z.string(), z.record(z.string(), z.array(z.string().min(1).max(60)).max(8))),
  /** What keeps the text of an annotation: Enter, or Ctrl+Enter with Enter for a new line, as in ELAN. */
  commitKey: z.enum(['enter', 'ctrl-enter']),
  annotator: z.string().max(80),
  device: z.enum(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']),
  playbackRate: z.number().min(0.05).max(8),
  panels: z.record(z.string(), z.number()),
  /** By the corpus folder. */
  views: z.record(z.string(), ViewChoice),
  /** Base address for downloads; empty: none is ever made. */
  downloadBase: z.string().max(500),
  /** Where downloads go; empty: `downloads` in the data folder. */
  downloadDir: z.string().max(4000),
  /** Base address of the OpenAI-compatible server for gloss-to-text; empty: off. */
  glossEndpoint: z.string().max(500),
}

export const Settings = z.strictObject({
  locale: fields.locale.default('auto'),
  theme: fields.theme.default('system'),
  keymap: fields.keymap.default('signwright'),
  ownKeys: fields.ownKeys.default({}),
  commitKey: fields.commitKey.default('enter'),
  annotator: fields.annotator.default(''),
  device: fields.device.default('auto'),
  playbackRate: fields.playbackRate.default(1),
  panels: fields.panels.default({}),
  views: fields.views.default({}),
  downloadBase: fields.downloadBase.default(''),
  downloadDir: fields.downloadDir.default(''),
  glossEndpoint: fields.glossEndpoint.default(''),
})
export type Settings = z.infer<typeof Settings>

/** Not `Settings.partial()`: zod fills the defaults in there too, and one change would reset all the rest. */
export const SettingsChanges = z.strictObject(fields).partial()

export const DeviceInfo = z.strictObject({
  id: z.enum(['cpu', 'cuda', 'webgpu', 'dml', 'coreml']),
  label: z.string(),
  isAvailable: z.boolean(),
  /** Why it is not available, or how its self-test went. */
  note: z.string(),
  gflops: z.number().nullable(),
})
export type DeviceInfo = z.infer<typeof DeviceInfo>

export const AppInfo = z.strictObject({
  version: z.string(),
  platform: z.string(),
  shell: z.enum(['electron', 'server', 'cli', 'test']),
  dataDir: z.string(),
  homeDir: z.string(),
  ffmpeg: z.strictObject({
    path: z.string().nullable(),
    version: z.string().nullable(),
    problem: z.string().nullable(),
  }),
})
export type AppInfo = z.infer<typeof AppInfo>

export const DirectoryEntry = z.strictObject({
  name: z.string(),
  path: z.string(),
  kind: z.enum(['folder', 'corpus', 'model', 'file']),
  bytes: z.int().nullable(),
})
export type DirectoryEntry = z.infer<typeof DirectoryEntry>

export const app = {
  info: base.output(AppInfo),
  settings: base.output(Settings),
  saveSettings: base.input(SettingsChanges).output(Settings),
  /** Tested once and remembered; `again` tests anew. */
  devices: base
    .input(z.strictObject({ again: z.boolean().default(false) }).default({ again: false }))
    .output(z.array(DeviceInfo)),
  /** The browser shell has no native folder dialog: the page browses the machine that the core runs on. */
  browse: base
    .input(z.strictObject({ dir: z.string().nullable() }))
    .output(
      z.strictObject({ dir: z.string(), parent: z.string().nullable(), entries: z.array(DirectoryEntry) }),
    ),
  reportBug: base.input(z.strictObject({ message: z.string().max(20_000) })).output(Nothing),
}
