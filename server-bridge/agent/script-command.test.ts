import { existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { prepareScript, readShebang } from './script-command.ts'

test.each([
  ['#!/bin/sh\necho', ['/bin/sh']],
  ['  \n#!/usr/bin/env -S bash -e \necho', ['/usr/bin/env', '-S', 'bash', '-e']],
  ['#! /bin/sh\r\necho', ['/bin/sh']],
  ['echo', undefined],
  ['#!\necho', undefined],
  ['echo\n#!/bin/sh', undefined],
])('reads the interpreter of %j', (script, words) => {
  expect(readShebang(script)).toEqual(words)
})

test('hands a script over in a file only its user can read, and removes it', async () => {
  const command = await prepareScript('  #!/bin/bash -e\n  echo hi\n', {})
  expect(command.file).toBe('/bin/bash')
  const [option, path = ''] = command.args
  expect(option).toBe('-e')
  expect(readFileSync(path, 'utf8')).toBe('#!/bin/bash -e\n  echo hi\n')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700)
  await command.remove()
  expect(existsSync(dirname(path))).toBe(false)
})

test('runs a script without an interpreter by the login shell', async () => {
  const command = await prepareScript('echo hi', { SHELL: '/bin/sh' })
  expect(command.file).toBe('/bin/sh')
  await command.remove()
})

test('removes what an agent that is gone has left, and nothing of one that runs', async () => {
  // No process of Linux, macOS or Windows gets as high a number.
  const left = mkdtempSync(join(tmpdir(), 'outpost-script-999999999-'))
  const running = await prepareScript('echo one', {})
  const other = await prepareScript('echo two', {})
  expect(existsSync(left)).toBe(false)
  expect(existsSync(running.args.at(-1) ?? '')).toBe(true)
  await Promise.all([running.remove(), other.remove()])
})
