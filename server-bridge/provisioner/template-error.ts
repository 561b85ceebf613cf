/** A place in a template's file; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** Coder's `job.error_code`s a template can cause. */
export type TemplateErrorCode = 'REQUIRED_TEMPLATE_VARIABLES'

/** Something in a template that its author has to change. The message starts with the place. */
export class TemplateError extends Error {
  readonly position: SourcePosition | undefined
  readonly code: TemplateErrorCode | undefined

  constructor(message: string, position?: SourcePosition, code?: TemplateErrorCode) {
    super(
      position === undefined ? message : `${position.file}:${position.line}:${position.column}: ${message}`,
    )
    this.name = 'TemplateError'
    this.position = position
    this.code = code
  }
}
