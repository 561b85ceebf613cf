import { existsSync, readFileSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { expect, test } from 'vitest'
import { removeLeftFolders } from './left-folders.ts'
import { prepareScript, readShebang } from './script-command.ts'
import { workspaceFolderVariable } from './shell-command.ts'

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

test('removes what is left of one workspace, and nothing of another', async () => {
  const inFolder = (folder: string) => prepareScript('echo', { [workspaceFolderVariable]: folder })
  const [left, other] = await Promise.all([inFolder('/workspaces/one'), inFolder('/workspaces/two')])
  expect(await removeLeftFolders('/workspaces/one')).toEqual([])
  expect(existsSync(left.args.at(-1) ?? '')).toBe(false)
  expect(existsSync(other.args.at(-1) ?? '')).toBe(true)
  await other.remove()
})

test('removes the others when one of them cannot be removed, and answers why', async () => {
  const inFolder = () => prepareScript('echo', { [workspaceFolderVariable]: '/workspaces/stuck' })
  const scripts = await Promise.all([inFolder(), inFolder(), inFolder()])
  const [stuck = '', ...others] = scripts.map(({ args }) => dirname(args.at(-1) ?? ''))
  const failures = await removeLeftFolders('/workspaces/stuck', async (folder) => {
    if (folder === stuck) throw new Error(`${folder} is busy`)
    await rm(folder, { recursive: true })
  })
  expect(failures.map(({ message }) => message)).toEqual([`${stuck} is busy`])
  expect(others.map((folder) => existsSync(folder))).toEqual([false, false])
  await Promise.all(scripts.map((script) => script.remove()))
})
