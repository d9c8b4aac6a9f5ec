const SCORES = /^(BLEU|ROUGE|SDR|CIDEr|IoU)/

/** A published value with the digits of its paper: scores are printed with two decimals at least. */
export function publishedNumber(metric: string, value: number | null): string {
  if (value === null) return '–'
  const digits = String(value).split('.')[1]?.length ?? 0
  return SCORES.test(metric) ? value.toFixed(Math.max(2, digits)) : String(value)
}
