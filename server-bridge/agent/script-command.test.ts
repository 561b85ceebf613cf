import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { removeLeftFolders } from './left-folders.ts'
import { prepareScript, readShebang } from './script-command.ts'
import { agentNameVariable, workspaceFolderVariable } from './shell-command.ts'

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

const prepareFor = (homeDir: string, agentName: string) =>
  prepareScript('echo', { [workspaceFolderVariable]: homeDir, [agentNameVariable]: agentName })

test('removes what is left of one agent, and nothing of another one or of another workspace', async () => {
  const scripts = await Promise.all([
    prepareFor('/workspaces/one', 'main'),
    prepareFor('/workspaces/one', 'main2'),
    prepareFor('/workspaces/two', 'main'),
  ])
  const remain = () => scripts.map(({ args }) => existsSync(args.at(-1) ?? ''))
  expect(await removeLeftFolders({ homeDir: '/workspaces/one', agentName: 'main' })).toEqual([])
  expect(remain()).toEqual([false, true, true])
  expect(await removeLeftFolders({ homeDir: '/workspaces/one', agentName: null })).toEqual([])
  expect(remain()).toEqual([false, false, true])
  await Promise.all(scripts.map((script) => script.remove()))
})

test('removes what an older version left, which named no agent', async () => {
  const named = await prepareFor('/workspaces/older', 'main')
  const prefix = /^(outpost-script-[0-9a-f]{16}-)/.exec(basename(dirname(named.args.at(-1) ?? '')))?.[1] ?? ''
  const unnamed = await mkdtemp(join(tmpdir(), prefix))
  expect(await removeLeftFolders({ homeDir: '/workspaces/older', agentName: 'second' })).toEqual([])
  expect(existsSync(unnamed)).toBe(false)
  expect(existsSync(named.args.at(-1) ?? '')).toBe(true)
  await named.remove()
})

test('removes the others when one of them cannot be removed, and answers why', async () => {
  const place = { homeDir: '/workspaces/stuck', agentName: 'main' }
  const scripts = await Promise.all(['main', 'main', 'main'].map((name) => prepareFor(place.homeDir, name)))
  const [stuck = '', ...others] = scripts.map(({ args }) => dirname(args.at(-1) ?? ''))
  const failures = await removeLeftFolders(place, async (folder) => {
    if (folder === stuck) throw new Error(`${folder} is busy`)
    await rm(folder, { recursive: true })
  })
  expect(failures.map(({ message }) => message)).toEqual([`${stuck} is busy`])
  expect(others.map((folder) => existsSync(folder))).toEqual([false, false])
  await Promise.all(scripts.map((script) => script.remove()))
})
