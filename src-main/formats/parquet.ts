import type { SchemaElement } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'

/** The type of a column; every value may be null, lists may be empty. */
export type ParquetType =
  | 'string'
  | 'int'
  | 'double'
  | 'bool'
  | { list: ParquetType }
  | { struct: Readonly<Record<string, ParquetType>> }

export type ParquetColumns = Readonly<Record<string, ParquetType>>

const ROWS_IN_GROUP = 10_000

/**
 * A Parquet file of these rows, Snappy-compressed, in groups of 10,000 rows. Lists have the three levels that the
 * format's specification asks for, so that Arrow and DuckDB read them as lists. The same rows give the same bytes.
 */
export function writeParquet<Columns extends ParquetColumns>(
  columns: Columns,
  rows: readonly Readonly<Record<keyof Columns, unknown>>[],
): Uint8Array {
  const names = Object.keys(columns)
  const schema: SchemaElement[] = [
    { name: 'schema', num_children: names.length },
    ...names.flatMap(name => elements(name, columns[name]!)),
  ]
  const columnData = names.map(name => ({
    name,
    data: rows.map(row => stored(columns[name]!, row[name])),
  }))
  const buffer = parquetWriteBuffer({
    schema,
    columnData,
    rowGroupSize: ROWS_IN_GROUP,
    createdBy: 'signwright',
  })
  return new Uint8Array(buffer)
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
