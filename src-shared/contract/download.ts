import { z } from 'zod'
import { base } from './base.ts'
import { Job } from './job.ts'

/** `ORG/NAME` on a server that speaks as the Hugging Face Hub does. */
export const RepositoryName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)?$/, 'A repository is named as ORGANISATION/NAME.')
/** A branch, a tag or a commit. */
export const RevisionName = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9][\w./-]*$/, 'A revision is a branch, a tag or a commit.')
/** Stays below its folder, whatever a server says. */
export const RemoteName = z.string().regex(/^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-]+(\/[\w.-]+)*$/)

/** Weights that a conversion starts from; nothing of them comes with the program. */
export const DownloadPreset = z.strictObject({
  id: z.string(),
  repository: RepositoryName,
  /** What it is in a SpaMo model. */
  part: z.enum(['spatial', 'motion', 'language']),
  licence: z.string(),
  /** Where the licence is stated. */
  licenceSource: z.string(),
  /** Whether a conversion needs the weights, or only configuration and tokenizer. */
  needsWeights: z.boolean(),
})
export type DownloadPreset = z.infer<typeof DownloadPreset>

export const PlannedFile = z.strictObject({
  name: RemoteName,
  bytes: z.int().nonnegative(),
  /** The server's name for this content: a SHA-256 for large files, git's SHA-1 for small ones. */
  etag: z.string().min(1).max(200),
  /** What the content is compared with after the transfer; null where the server names no checksum. */
  checksum: z.enum(['sha256', 'git-sha1']).nullable(),
})
export type PlannedFile = z.infer<typeof PlannedFile>

/** Exactly what will be fetched, from where and to where: what the user agrees to, and what the job does. */
export const DownloadPlan = z.strictObject({
  base: z.string(),
  repository: RepositoryName,
  revision: RevisionName,
  commit: RevisionName,
  dir: z.string().min(1),
  files: z.array(PlannedFile).min(1),
})
export type DownloadPlan = z.infer<typeof DownloadPlan>

export const DownloadPreview = z.strictObject({
  plan: DownloadPlan,
  /** Bytes of all files, and of those that still have to come over the network. */
  bytes: z.int(),
  bytesToFetch: z.int(),
  freeBytes: z.int(),
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: z.int(),
      /** 'cached': in the Hugging Face cache of this machine, so it is linked or copied. */
      state: z.enum(['there', 'cached', 'begun', 'missing']),
    }),
  ),
  /** Null where nothing is known about it here. */
  licence: z.string().nullable(),
  licenceSource: z.string(),
})
export type DownloadPreview = z.infer<typeof DownloadPreview>

export const DownloadedModel = z.strictObject({
  repository: z.string(),
  revision: z.string(),
  /** A folder as a conversion takes it. */
  dir: z.string(),
})
export type DownloadedModel = z.infer<typeof DownloadedModel>

export const download = {
  presets: base.output(z.array(DownloadPreset)),
  /** Asks the server for names and sizes; fetches no weights. */
  preview: base
    .input(
      z.strictObject({
        repository: RepositoryName,
        revision: RevisionName.default('main'),
        withWeights: z.boolean().default(true),
        /** Default: what a conversion needs. */
        files: z.array(RemoteName).min(1).optional(),
        /** Default: the folder of the settings. */
        dir: z.string().optional(),
      }),
    )
    .output(DownloadPreview),
  start: base.input(z.strictObject({ plan: DownloadPlan })).output(Job),
  /** What lies in the download folder, whole. */
  list: base.output(z.array(DownloadedModel)),
}
