import { expect, test } from 'vitest'
import { SessionEnvironment } from './session-environment.ts'
import { signalOf } from './signal-names.ts'

test('takes any name but ours and the loader’s', () => {
  const environment = new SessionEnvironment()
  expect(environment.set('LC_ALL', 'C')).toBe(true)
  expect(environment.set('lower-case', '')).toBe(true)
  for (const name of [
    'LD_PRELOAD',
    'DYLD_INSERT_LIBRARIES',
    'OUTPOST_WORKSPACE_DIR',
    'OUTPOST_AGENT_INSTANCE',
  ]) {
    expect(environment.set(name, 'x')).toBe(false)
  }
  for (const name of ['', 'a=b', 'a\0b']) expect(environment.set(name, 'x')).toBe(false)
  expect(environment.set('NUL', 'a\0b')).toBe(false)
  expect(environment.variables).toEqual({ LC_ALL: 'C', 'lower-case': '' })
})

test('keeps what is meant for the agent to itself', () => {
  const environment = new SessionEnvironment()
  expect(environment.set('CODER_SSH_SESSION_TYPE', 'vscode')).toBe(true)
  expect(environment.wantsContainer).toBe(false)
  expect(environment.set('CODER_CONTAINER', 'box')).toBe(true)
  expect(environment.wantsContainer).toBe(true)
  expect(environment.variables).toEqual({})
})

test('refuses more than a program could be given', () => {
  const environment = new SessionEnvironment()
  expect(environment.set('BIG', 'x'.repeat(100_000))).toBe(true)
  expect(environment.set('MORE', 'x'.repeat(100_000))).toBe(false)
  expect(Object.keys(environment.variables)).toEqual(['BIG'])
})

test('names every signal of the protocol, and ends the process for others', () => {
  expect(signalOf('INT')).toBe('SIGINT')
  expect(signalOf('USR2')).toBe('SIGUSR2')
  expect(signalOf('WINCH')).toBe('SIGKILL')
  expect(signalOf('constructor')).toBe('SIGKILL')
})
