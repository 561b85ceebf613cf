import { errorWords } from '../../api/error-words.ts'
import { StillAtWork } from './until-idle.ts'

/** Throws an error whose message is for people: a dialog shows the message of what it catches. */
export function inWords(error: unknown): never {
  if (error instanceof StillAtWork) throw error
  throw new Error(errorWords(error).message)
}
