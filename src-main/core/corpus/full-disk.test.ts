import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { corpusDeps, temporaryFolder } from '../testing/folders.ts'
import { createCorpus } from './open-corpus.ts'

/** A file system of its own that is full soon; only an administrator can make it. */
function smallDisk(options: string): string | null {
  const disk = join(temporaryFolder(), 'disk')
  mkdirSync(disk)
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]).status !== 0) return null
  onTestFinished(() => void spawnSync('umount', [disk]))
  return disk
}

test.for([
  ['while its folders are made', 'size=1m,nr_inodes=5'],
  ['while its lock is made', 'size=1m,nr_inodes=8'],
  ['while its database is made', 'size=64k'],
] as const)('a disk that is full %s keeps nothing of a new corpus', async ([, options], { skip }) => {
  const disk = smallDisk(options)
  if (disk === null) return skip('mounting a small disk takes an administrator on Linux')

  await expect(createCorpus(join(disk, 'in', 'here'), { name: 'Tage' }, corpusDeps())).rejects.toMatchObject({
    code: 'disk-full',
  })

  expect(readdirSync(disk)).toEqual([])
})
