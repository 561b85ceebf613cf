/** What is being typed that a list of suggestions opens for. */
export interface TypedToken {
  readonly kind: 'command' | 'file'
  readonly query: string
  /** Where its sign stands in the text. */
  readonly start: number
}

/** The command or file name before the caret. A command is the only word of a message. */
export function typedToken(text: string, caret: number): TypedToken | undefined {
  const before = text.slice(0, caret)
  const command = /^\/([\w.-]*)$/.exec(before)
  if (command !== null && caret === text.length) {
    return { kind: 'command', query: command[1] ?? '', start: 0 }
  }
  const file = /(?:^|\s)@([^\s@]*)$/.exec(before)
  if (file === null) return undefined
  const query = file[1] ?? ''
  return { kind: 'file', query, start: caret - query.length - 1 }
}
