/** The settings of a scoring procedure that leave the texts and the metrics' options as they come. */
export const UNTOUCHED = {
  references: 'all',
  leaveOut: 'none',
  refsrc: 'raw',
  entities: 'keep',
  strip: 'none',
  nfc: 'no',
  width: 'keep',
  spacing: 'keep',
  stop: 'keep',
  case: 'keep',
  characters: 'keep',
  lowercase: 'no',
  effectiveOrder: 'no',
  asian: 'no',
} as const
