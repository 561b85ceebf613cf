import { expect, test } from 'vitest'
import { writeOpenSshConfig, type OpenSshConfigInput } from './openssh-config.ts'

const input: OpenSshConfigInput = {
  proxyCommand: ['/opt/my tools/proxy', '--global-config', "/home/o'brien/100%"],
  hostPrefix: 'coder.',
  hostSuffix: 'coder',
  deploymentOptions: { ServerAliveInterval: '10' },
  platform: 'linux',
}

test('writes one section a kind of name, the deployment’s options first', () => {
  const block = writeOpenSshConfig(input)
  expect(block.startsWith('# ------------START-OUTPOST')).toBe(true)
  expect(block.endsWith('# ------------END-OUTPOST------------\n')).toBe(true)
  expect(block).toContain('Host coder.*\n  ServerAliveInterval 10\n  ConnectTimeout 0\n')
  expect(block).toContain('Host *.coder\n')
  expect(block).toContain('StrictHostKeyChecking no')
})

test('quotes the command for the shell and for OpenSSH', () => {
  expect(writeOpenSshConfig(input)).toContain(
    `ProxyCommand '/opt/my tools/proxy' --global-config '/home/o'\\''brien/100%%' --ssh-host-prefix coder. %h\n`,
  )
  expect(
    writeOpenSshConfig({ ...input, proxyCommand: ['C:\\My Tools\\proxy.exe'], platform: 'win32' }),
  ).toContain('ProxyCommand "C:\\My Tools\\proxy.exe" --ssh-host-prefix')
  expect(() => writeOpenSshConfig({ ...input, proxyCommand: ['a\nHost *'] })).toThrow(TypeError)
})

test('refuses options that could run something or lead elsewhere, and names that are patterns', () => {
  for (const name of ['ProxyCommand', 'include', 'MATCH', 'KnownHostsCommand', 'Two Words', '']) {
    expect(() => writeOpenSshConfig({ ...input, deploymentOptions: { [name]: 'x' } })).toThrow(TypeError)
  }
  expect(() => writeOpenSshConfig({ ...input, deploymentOptions: { User: 'a\nHost *' } })).toThrow(TypeError)
  expect(() => writeOpenSshConfig({ ...input, hostPrefix: '* ' })).toThrow(TypeError)
})
