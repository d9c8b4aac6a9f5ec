import { constants } from 'node:fs'
import {
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { DownloadedModel, PlannedFile } from '#shared/contract/download.ts'
import { sha256 } from '../../formats/sha256.ts'

/** A folder in the layout of the Hugging Face cache: `models--ORG--NAME/{blobs,refs,snapshots}`. */
export function repositoryFolder(root: string, repository: string): string {
  return join(root, `models--${repository.replaceAll('/', '--')}`)
}

/** Content is named by its ETag; one that is no plain hash gets a name that every file system takes. */
export function blobPath(root: string, repository: string, { etag }: Pick<PlannedFile, 'etag'>): string {
  const name = /^[0-9a-f]{40,64}$/.test(etag) ? etag : sha256(etag)
  return join(repositoryFolder(root, repository), 'blobs', name)
}

export function snapshotFolder(root: string, repository: string, commit: string): string {
  return join(repositoryFolder(root, repository), 'snapshots', commit)
}

/** Where other programs of this machine may have put the same files; only looked at, never written to. */
export function sharedCaches(env: NodeJS.ProcessEnv): string[] {
  const home = env['HF_HOME'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'huggingface')
  return [env['HF_HUB_CACHE'] ?? join(home, 'hub')]
}

export async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.size ?? null
}

/** The same content in another cache: the blob, or where symbolic links are missing the file in a snapshot. */
export async function findShared(
  caches: readonly string[],
  repository: string,
  file: PlannedFile,
): Promise<string | null> {
  for (const cache of caches) {
    const blob = blobPath(cache, repository, file)
    if ((await sizeOf(blob)) === file.bytes) return blob
  }
  return null
}

/** One file with two names where the file system can, else a copy. */
export async function takeOver(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rm(to, { force: true })
  await link(from, to).catch(() => copyFile(from, to, constants.COPYFILE_FICLONE))
}

/** Shows a blob under its name in a snapshot: a symbolic link, a copy where there are none (Windows without the right). */
export async function placeInSnapshot(blob: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const target = relative(dirname(path), blob)
  if ((await readlink(path).catch(() => null)) === target) return
  await rm(path, { force: true })
  await symlink(target, path).catch(() => copyFile(blob, path, constants.COPYFILE_FICLONE))
}

export async function writeRef(
  root: string,
  repository: string,
  ref: { revision: string; commit: string },
): Promise<void> {
  const file = join(repositoryFolder(root, repository), 'refs', ref.revision)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, ref.commit)
}

/** Repositories of a folder whose snapshot is whole: a ref is written last. */
export async function listModels(root: string): Promise<DownloadedModel[]> {
  const folders = (await readdir(root).catch(() => [])).filter(name => name.startsWith('models--')).sort()
  const found: DownloadedModel[] = []
  for (const folder of folders) {
    const repository = folder.slice('models--'.length).replaceAll('--', '/')
    const refs = join(root, folder, 'refs')
    for (const revision of await readdir(refs).catch(() => [])) {
      const commit = await readFile(join(refs, revision), 'utf8').catch(() => '')
      const dir = snapshotFolder(root, repository, commit.trim())
      if (commit && (await stat(dir).catch(() => null))) found.push({ repository, revision, dir })
    }
  }
  return found
}
