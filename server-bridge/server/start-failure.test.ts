import { expect, it } from 'vitest'
import { DataFolderInUseError } from './db/data-folder-lock.ts'
import { startFailureMessage } from './start-failure.ts'

const withCode = (code: string): Error => Object.assign(new Error('low level words'), { code })

it('turns what can happen at a start into a sentence that says what to do', () => {
  const sentence = (error: unknown): string => startFailureMessage(error, 4000).message
  expect(sentence(new DataFolderInUseError('Another one.'))).toBe('Another one.')
  expect(sentence(withCode('EADDRINUSE'))).toMatch(/^Port 4000 is already in use/)
  expect(sentence(withCode('EACCES'))).toMatch(/may not be used by this user/)
  expect(sentence(withCode('ENOSPC'))).toMatch(/disk is full/)
  expect(sentence(withCode('SQLITE_NOTADB'))).toMatch(/database of the local deployment is damaged/)
  expect(sentence('odd')).toMatch(/cannot start: odd/)
  expect(startFailureMessage(withCode('EADDRINUSE'), 4000).detail).toMatch(/low level words/)
})
