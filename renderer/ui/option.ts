import type { ReactNode } from 'react'

/** One choice of a Select, Combobox or RadioCards. */
export interface Option<Value extends string = string> {
  readonly value: Value
  readonly label: string
  readonly description?: string | undefined
  /** At the right end: a latency, a version, a count. */
  readonly detail?: ReactNode
  readonly icon?: ReactNode
  readonly disabled?: boolean | undefined
}
