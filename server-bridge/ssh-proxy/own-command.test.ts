import { expect, test } from 'vitest'
import { ownCommand } from './own-command.ts'

const node = '/usr/bin/node'

test('starts the source with its loader, both by their place', () => {
  const locate = (specifier: string): string =>
    `file:///opt/my%20app/node_modules/${specifier}/dist/loader.mjs`
  expect(ownCommand({ address: 'file:///opt/my%20app/ssh-proxy.ts', node, locate })).toEqual([
    node,
    '--import',
    'file:///opt/my%20app/node_modules/tsx/dist/loader.mjs',
    '/opt/my app/ssh-proxy.ts',
  ])
})

test('starts what was compiled without a loader, which need not be there', () => {
  const locate = (specifier: string): string => {
    throw new Error(`Cannot find package '${specifier}'`)
  }
  const address = 'file:///opt/app/dist/ssh-proxy.js'
  expect(ownCommand({ address, node, locate })).toEqual([node, '/opt/app/dist/ssh-proxy.js'])
})
