import type { SchemaElement } from 'hyparquet'
import { ByteWriter, ParquetWriter } from 'hyparquet-writer'

/** The type of a column; every value may be null, lists may be empty. */
export type ParquetType =
  | 'string'
  | 'int'
  | 'double'
  | 'bool'
  | { list: ParquetType }
  | { struct: Readonly<Record<string, ParquetType>> }

export type ParquetColumns = Readonly<Record<string, ParquetType>>

/** Few enough to be encoded in one go, enough to be compressed together. */
const ROWS_IN_GROUP = 2000

type Row<Columns extends ParquetColumns> = Readonly<Record<keyof Columns, unknown>>

/**
 * A Parquet file of these rows in pieces, Snappy-compressed, in groups of 2000 rows; no more than a group is held.
 * Lists have the three levels that the format's specification asks for, so that Arrow and DuckDB read them as lists.
 * The same rows give the same bytes.
 */
export function* parquetPieces<Columns extends ParquetColumns>(
  columns: Columns,
  rows: Iterable<Row<Columns>>,
): Generator<Uint8Array> {
  const writer = new ByteWriter()
  const names = Object.keys(columns)
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: names.length },
    ...names.flatMap(name => elements(name, columns[name]!)),
  ]
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'signwright' })
  for (const group of groupsOf(rows, ROWS_IN_GROUP)) {
    const columnData = names.map(name => ({
      name,
      data: group.map(row => stored(columns[name]!, row[name])),
    }))
    void parquet.write({ columnData, rowGroupSize: ROWS_IN_GROUP })
    yield takeBytes(writer)
  }
  void parquet.finish()
  yield takeBytes(writer)
}

/** What has been written since the last time. Offsets in the file go on counting. */
function takeBytes(writer: ByteWriter): Uint8Array {
  const bytes = writer.getBytes().slice()
  writer.index = 0
  return bytes
}

function* groupsOf<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let group: T[] = []
  for (const item of items) {
    group.push(item)
    if (group.length < size) continue
    yield group
    group = []
  }
  if (group.length > 0) yield group
}

const SCALARS = {
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  bool: { type: 'BOOLEAN' },
} as const

function elements(name: string, type: ParquetType): SchemaElement[] {
  const repetition_type = 'OPTIONAL'
  if (typeof type === 'string') return [{ name, repetition_type, ...SCALARS[type] }]
  if ('list' in type)
    return [
      { name, repetition_type, num_children: 1, converted_type: 'LIST' },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element', type.list),
    ]
  const fields = Object.entries(type.struct)
  return [
    { name, repetition_type, num_children: fields.length },
    ...fields.flatMap(([field, inner]) => elements(field, inner)),
  ]
}

function stored(type: ParquetType, value: unknown): unknown {
  if (value === null || value === undefined) return null
  if (type === 'int') return BigInt(value as number)
  if (typeof type === 'string') return value
  if ('list' in type) return (value as readonly unknown[]).map(each => stored(type.list, each))
  const fields = value as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries(type.struct).map(([field, inner]) => [field, stored(inner, fields[field])]),
  )
}
