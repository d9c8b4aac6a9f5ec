/** The shape of an English feature file, with the sentences open: what a translation must fill. */
export type Translation<Messages> = {
  [Key in keyof Messages]: Messages[Key] extends string ? string : Translation<Messages[Key]>
}

/** Every dotted path that ends at a sentence. */
export type PathOf<Messages> = {
  [Key in keyof Messages & string]: Messages[Key] extends string ? Key : `${Key}.${PathOf<Messages[Key]>}`
}[keyof Messages & string]
