import { expect, it } from 'vitest'
import { storageFailureOf } from './storage-failure.ts'

const withCode = (code: string): Error => Object.assign(new Error('x'), { code })

it('knows a disk at fault from a request at fault', () => {
  expect(storageFailureOf(withCode('SQLITE_FULL'))).toBe('full')
  expect(storageFailureOf(withCode('ENOSPC'))).toBe('full')
  expect(storageFailureOf(new Error('wrapped', { cause: withCode('SQLITE_READONLY_DBMOVED') }))).toBe(
    'read-only',
  )
  expect(storageFailureOf(withCode('SQLITE_IOERR_FSYNC'))).toBe('unreadable')
  expect(storageFailureOf(withCode('SQLITE_CORRUPT'))).toBe('damaged')
  for (const error of [
    withCode('SQLITE_CONSTRAINT_UNIQUE'),
    withCode('ENOENT'),
    new Error('x'),
    'x',
    undefined,
  ])
    expect(storageFailureOf(error)).toBeUndefined()
})
