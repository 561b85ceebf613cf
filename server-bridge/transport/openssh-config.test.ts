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

test('leaves out options that could run, forward, send or write something, and says which', () => {
  const names = ['ProxyCommand', 'include', 'MATCH', 'KnownHostsCommand', 'ForwardAgent', 'ForwardX11Trusted']
  names.push('RemoteForward', 'LocalForward', 'DynamicForward', 'SendEnv', 'SetEnv', 'ControlPath', 'Tunnel')
  names.push('AddKeysToAgent', 'IdentityAgent', 'IdentityFile', 'UserKnownHostsFile', 'Hostname', 'Port')
  for (const name of names) {
    const block = writeOpenSshConfig({ ...input, deploymentOptions: { [name]: 'yes', TCPKeepAlive: 'no' } })
    expect(block).toContain('  TCPKeepAlive no\n')
    expect(block).toMatch(new RegExp(`^# Options of the deployment that were left out.*: ${name}$`, 'm'))
    expect(block).not.toMatch(new RegExp(`^\\s*${name}\\s+yes`, 'm'))
  }
  expect(writeOpenSshConfig(input)).not.toContain('left out')
})

test('takes no value that means more than itself, and writes no name that could be a line', () => {
  const refused = {
    User: 'a\nHost *',
    LogLevel: '${HOME}',
    Ciphers: '%h',
    MACs: '"a',
    RequestTTY: '',
    IPQoS: 'a # b',
  }
  const lines = writeOpenSshConfig({
    ...input,
    deploymentOptions: { ...refused, 'Two Words': 'x', 'a\nHost *': 'x', '': 'x', ['A'.repeat(41)]: 'x' },
  }).split('\n')
  expect(lines.filter((line) => line.startsWith('Host '))).toEqual(['Host coder.*', 'Host *.coder'])
  expect(lines.find((line) => line.includes('left out'))).toMatch(
    /: User, LogLevel, Ciphers, MACs, RequestTTY, IPQoS, 4 more$/,
  )
  expect(lines.join()).not.toContain('HOME}')
  expect(() => writeOpenSshConfig({ ...input, hostPrefix: '* ' })).toThrow(TypeError)
})
