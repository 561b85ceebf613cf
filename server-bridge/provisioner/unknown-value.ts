/**
 * A preview came to a value that nobody has given yet. What depends on it is unknown as well, which is no fault of the
 * template: this is no `TemplateError`, so `try()` does not take it for one.
 */
export class UnknownValueError extends Error {
  constructor(parameter: string) {
    super(`The parameter "${parameter}" has no value yet.`)
    this.name = 'UnknownValueError'
  }
}
