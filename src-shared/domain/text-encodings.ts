/** Encodings of texts and tables that can be read. */
export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'gb18030'] as const

/** `latin1` and `gb18030` are suggested, never taken by themselves: nearly any bytes mean something in them. */
export type TextEncoding = (typeof TEXT_ENCODINGS)[number]
