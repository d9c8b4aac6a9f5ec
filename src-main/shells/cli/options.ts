import { type Command, InvalidArgumentError } from 'commander'

/** A command on a corpus, with the options that all of these have. */
export function corpusCommand(program: Command, usage: string, description: string): Command {
  return program
    .command(usage)
    .description(description)
    .requiredOption('--corpus <dir>', 'the corpus folder')
    .option('--json', 'print the result as JSON')
    .option('--quiet', 'no progress')
}

/** Parses a comma-separated list of known names. */
export function listOf<Name extends string>(known: readonly Name[]): (text: string) => Name[] {
  return text =>
    text.split(',').map(part => {
      const name = known.find(candidate => candidate === part.trim())
      if (name) return name
      throw new InvalidArgumentError(`There is no "${part.trim()}". Known: ${known.join(', ')}.`)
    })
}

export function wholeNumber(from: number, to: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (text.trim() !== '' && Number.isInteger(number) && number >= from && number <= to) return number
    throw new InvalidArgumentError(`It is a whole number from ${from} to ${to}.`)
  }
}

export function realNumber(from: number, to: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (text.trim() !== '' && number >= from && number <= to) return number
    throw new InvalidArgumentError(`It is a number from ${from} to ${to}.`)
  }
}
