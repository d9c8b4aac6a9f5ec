/**
 * Python's idea of white space, which every sacreBLEU tokenizer relies on. It differs from JavaScript's
 * `\s` in six code points: U+001C..001F and U+0085 count, U+FEFF does not
 * (`str.isspace` in Objects/unicodetype_db.h).
 */
export function isPythonSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code >= 0x1c
  if (code < 0x85) return false
  if (code === 0x85 || code === 0xa0 || code === 0x1680) return true
  if (code < 0x2000) return false
  return (
    code <= 0x200a ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  )
}

/** `str.split()`: the words between runs of white space. */
export function pythonSplit(text: string): string[] {
  const words: string[] = []
  let start = -1
  for (let i = 0; i < text.length; i++) {
    const isSpace = isPythonSpace(text.charCodeAt(i))
    if (isSpace && start >= 0) {
      words.push(text.slice(start, i))
      start = -1
    } else if (!isSpace && start < 0) {
      start = i
    }
  }
  if (start >= 0) words.push(start === 0 ? text : text.slice(start))
  return words
}

/** `str.rstrip()`. */
export function pythonRstrip(text: string): string {
  let end = text.length
  while (end > 0 && isPythonSpace(text.charCodeAt(end - 1))) end -= 1
  return end === text.length ? text : text.slice(0, end)
}

/** `str.strip()`. */
export function pythonStrip(text: string): string {
  let start = 0
  while (start < text.length && isPythonSpace(text.charCodeAt(start))) start += 1
  return pythonRstrip(start === 0 ? text : text.slice(start))
}
