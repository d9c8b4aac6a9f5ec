/** Something wrong in a file that could be opened all the same. */
export interface Defect {
  code: string
  /** Counted from 1; 0 where the file has no such place. */
  line: number
  /** What is wrong, in a sentence. */
  message: string
  /** What the program can do, or did, about it. */
  repair: string
}
