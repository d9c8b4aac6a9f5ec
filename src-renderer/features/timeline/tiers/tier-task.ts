import type { TierId } from '#shared/contract/ids.ts'

/** What the tier dialog is open for. */
export type TierTask =
  | { kind: 'add' }
  | { kind: 'rename'; tierId: TierId; name: string }
  | { kind: 'remove'; tierId: TierId; name: string; annotations: number }
