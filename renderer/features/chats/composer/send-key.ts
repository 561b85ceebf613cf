import { isMac } from '../../../lib/platform.ts'
import type { SendKey } from '../../own-agents/index.ts'

export interface EnterPress {
  readonly shiftKey: boolean
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** Whether Enter with what is held sends. The main key and Enter does so either way. */
export function sendsOn(press: EnterPress, key: SendKey): boolean {
  if (press.shiftKey || press.altKey) return false
  const isMod = isMac() ? press.metaKey : press.ctrlKey
  return isMod || (key === 'enter' && !press.ctrlKey && !press.metaKey)
}
