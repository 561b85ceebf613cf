import type { KeyboardEvent } from 'react'
import { isMac } from '../platform.ts'

/** The size that a key asks for: 0 fits what is looked at, 1 shows it pixel for pixel. */
export function sizeKey(event: KeyboardEvent): 'fit' | 'native' | undefined {
  const hasMod = isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey
  if (!hasMod || event.altKey || event.shiftKey) return undefined
  if (event.code === 'Digit0' || event.code === 'Numpad0') return 'fit'
  return event.code === 'Digit1' || event.code === 'Numpad1' ? 'native' : undefined
}
