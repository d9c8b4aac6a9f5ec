import type { Statement } from 'better-sqlite3'
import type { WriteDb } from '../../db/types.ts'

export type SqlValue = string | number | null | Uint8Array
export type Row = Record<string, SqlValue>

/** A column that points to a parent row, and what SQLite does to the row when the parent goes. */
export interface ChildLink {
  table: string
  column: string
  isCascade: boolean
}

export interface RowStore {
  find: (table: string, id: number) => Row | undefined
  insert: (table: string, row: Row) => number
  update: (table: string, id: number, changes: Row) => void
  remove: (table: string, id: number) => void
  childLinks: (table: string) => readonly ChildLink[]
  childIds: (link: ChildLink, parentId: number) => number[]
  /** The different values of a column among these rows. */
  distinct: (table: string, column: string, ids: readonly number[]) => SqlValue[]
  inSavepoint: <T>(work: () => T) => T
}

const LINKS = `
  SELECT link."table" AS parent, child.name AS "table", link."from" AS "column", link.on_delete = 'CASCADE' AS isCascade
  FROM sqlite_schema AS child, pragma_foreign_key_list(child.name) AS link
  WHERE child.type = 'table' AND link.on_delete IN ('CASCADE', 'SET NULL')
    AND EXISTS (SELECT 1 FROM pragma_table_info(child.name) AS c WHERE c.name = 'id')
  ORDER BY child.name, link."from"`

/** Statements prepared once, and names checked against the schema before they come into one. */
function createStatements(db: WriteDb) {
  const statements = new Map<string, Statement>()
  const columnsByTable = new Map<string, Set<string>>()

  function statement(sql: string): Statement {
    const known = statements.get(sql)
    if (known) return known
    const made = db.prepare(sql)
    statements.set(sql, made)
    return made
  }

  function check(table: string, names: readonly string[]): void {
    let columns = columnsByTable.get(table)
    if (!columns) {
      columns = new Set(db.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[])
      columnsByTable.set(table, columns)
    }
    if (!columns.has('id')) throw new Error(`The table ${table} has no rows with an id.`)
    for (const name of names)
      if (!columns.has(name)) throw new Error(`The table ${table} has no column ${name}.`)
  }

  return { statement, check }
}

/**
 * Reads and writes single rows of any table that has an `id`.
 *
 * The one place that composes SQL from names: the log has to replay rows of many tables,
 * and every name is checked against the schema before it is used.
 */
export function createRowStore(db: WriteDb): RowStore {
  const { statement, check } = createStatements(db)
  const linksByParent = readLinks(db)

  function find(table: string, id: number): Row | undefined {
    check(table, [])
    return statement(`SELECT * FROM "${table}" WHERE id = ?`).get(id) as Row | undefined
  }

  function insert(table: string, row: Row): number {
    const names = Object.keys(row)
    check(table, names)
    const columns = names.map(name => `"${name}"`).join(', ')
    const values = names.map(() => '?').join(', ')
    const sql = `INSERT INTO "${table}" (${columns}) VALUES (${values})`
    return Number(statement(sql).run(...Object.values(row)).lastInsertRowid)
  }

  function update(table: string, id: number, changes: Row): void {
    const names = Object.keys(changes)
    check(table, names)
    const pairs = names.map(name => `"${name}" = ?`).join(', ')
    statement(`UPDATE "${table}" SET ${pairs} WHERE id = ?`).run(...Object.values(changes), id)
  }

  function remove(table: string, id: number): void {
    check(table, [])
    statement(`DELETE FROM "${table}" WHERE id = ?`).run(id)
  }

  function childIds({ table, column }: ChildLink, parentId: number): number[] {
    return statement(`SELECT id FROM "${table}" WHERE "${column}" = ? ORDER BY id`)
      .all(parentId)
      .map(row => (row as { id: number }).id)
  }

  function distinct(table: string, column: string, ids: readonly number[]): SqlValue[] {
    check(table, [column])
    const sql = `SELECT DISTINCT "${column}" FROM "${table}" WHERE id IN (SELECT value FROM json_each(?))`
    return statement(sql).pluck().all(JSON.stringify(ids)) as SqlValue[]
  }

  return {
    find,
    insert,
    update,
    remove,
    childIds,
    distinct,
    childLinks: table => linksByParent.get(table) ?? [],
    inSavepoint: work => db.transaction(work)(),
  }
}

function readLinks(db: WriteDb): Map<string, ChildLink[]> {
  const rows = db.prepare(LINKS).all() as {
    parent: string
    table: string
    column: string
    isCascade: number
  }[]
  const links = new Map<string, ChildLink[]>()
  for (const { parent, table, column, isCascade } of rows) {
    const known = links.get(parent) ?? []
    known.push({ table, column, isCascade: isCascade === 1 })
    links.set(parent, known)
  }
  return links
}
