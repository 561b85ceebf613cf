import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pickChildEnvironment } from './child-environment.ts'

test('passes on what a shell needs', () => {
  const environment = { PATH: '/bin', HOME: '/home/ada', SHELL: '/bin/zsh', LC_ALL: 'de_DE.UTF-8', TZ: 'UTC' }
  expect(pickChildEnvironment(environment, 'linux')).toEqual(environment)
})

test('passes on nothing that is named like a credential', () => {
  const word = fc.constantFrom('TOKEN', 'SECRET', 'KEY', 'PASSWORD', 'CREDENTIALS', 'AUTH')
  const name = fc.tuple(fc.stringMatching(/^[A-Z_]{0,10}$/), word, fc.stringMatching(/^[A-Z_]{0,10}$/))
  fc.assert(
    fc.property(name, (parts) => {
      expect(pickChildEnvironment({ [parts.join('')]: 'seeded-secret' }, 'linux')).toEqual({})
    }),
  )
})

test('matches names on Windows whatever their case', () => {
  expect(pickChildEnvironment({ Path: 'C:\\', SystemRoot: 'C:\\Windows', OTHER: 'x' }, 'win32')).toEqual({
    Path: 'C:\\',
    SystemRoot: 'C:\\Windows',
  })
})
