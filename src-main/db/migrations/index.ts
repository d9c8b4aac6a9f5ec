import type { Migration } from '../types.ts'
import { firstTables } from './0001-first-tables.ts'

/** History: appended to, never changed. */
export const MIGRATIONS: readonly Migration[] = [firstTables]
