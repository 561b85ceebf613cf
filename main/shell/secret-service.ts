/**
 * Looks at Linux's Secret Service over D-Bus without raising a prompt. libsecret's own calls cannot tell: on a locked
 * collection a read resolves to nothing, as if the entry were absent, and without a bus it may hang.
 */
import { readFile } from 'node:fs/promises'
import type { ClientInterface, MessageBus, ProxyObject } from '@particle/dbus-next'
import type { SecretsProbe } from '../ports/secrets.ts'
import { withTimeout } from './with-timeout.ts'

const serviceName = 'org.freedesktop.secrets'
const servicePath = '/org/freedesktop/secrets'
const installHint = 'Install and start a keyring such as gnome-keyring, KWallet or KeePassXC, then try again.'

/** A look takes one short session-bus connection. `environment` tells where the bus is. */
export async function probeSecretService(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<SecretsProbe> {
  const address = busAddress(environment)
  if (address === undefined) {
    return { kind: 'absent', reason: `This session has no D-Bus session bus, so no keychain. ${installHint}` }
  }
  try {
    return await withTimeout(probeOnBus(address), 5000, 'The keychain service')
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    return { kind: 'absent', reason: `No keychain answered on this session (${detail}). ${installHint}` }
  }
}

function busAddress(environment: Readonly<Record<string, string | undefined>>): string | undefined {
  const given = environment['DBUS_SESSION_BUS_ADDRESS']
  if (given !== undefined && given !== '') return given
  const runtimeDir = environment['XDG_RUNTIME_DIR']
  return runtimeDir === undefined || runtimeDir === '' ? undefined : `unix:path=${runtimeDir}/bus`
}

async function probeOnBus(busAddress: string): Promise<SecretsProbe> {
  const dbus = await import('@particle/dbus-next')
  const bus = dbus.sessionBus({ busAddress })
  // A bus that cannot be reached reports it as an event; without a listener that would end the process.
  const failed = new Promise<never>((_, reject) => {
    bus.on('error', reject)
  })
  try {
    return await Promise.race([lookAt(bus), failed])
  } finally {
    bus.disconnect()
  }
}

async function lookAt(bus: MessageBus): Promise<SecretsProbe> {
  const daemon = interfaceOf(
    await bus.getProxyObject('org.freedesktop.DBus', '/org/freedesktop/DBus'),
    'org.freedesktop.DBus',
  )
  // Starts it where it can be activated; rejects where nothing offers the name. One that runs without being activatable,
  // such as a keyring started by hand, would be refused here too.
  if ((await daemon.call('NameHasOwner', serviceName)) !== true) {
    await daemon.call('StartServiceByName', serviceName, 0)
  }
  const pid = await daemon.call('GetConnectionUnixProcessID', serviceName)
  const backend = backendName(await programOf(Number(pid)))
  const service = interfaceOf(
    await bus.getProxyObject(serviceName, servicePath),
    'org.freedesktop.Secret.Service',
  )
  const collection = String(await service.call('ReadAlias', 'default'))
  // No default collection yet: the first write makes one, asking the user where the service wants that.
  if (collection === '/') return { kind: 'works', backend }
  const properties = interfaceOf(
    await bus.getProxyObject(serviceName, collection),
    'org.freedesktop.DBus.Properties',
  )
  const locked = await properties.call('Get', 'org.freedesktop.Secret.Collection', 'Locked')
  return { kind: isTrue(locked) ? 'locked' : 'works', backend }
}

/** dbus-next makes methods at run time from introspection; this gives them one typed way in. */
function interfaceOf(
  object: ProxyObject,
  name: string,
): { call(method: string, ...args: unknown[]): Promise<unknown> } {
  const made: ClientInterface = object.getInterface(name)
  return {
    call: async (method, ...args) => {
      const run: unknown = (made as unknown as Record<string, unknown>)[method]
      if (typeof run !== 'function') throw new Error(`${name} has no method ${method}`)
      return await (run as (...given: unknown[]) => Promise<unknown>).apply(made, args)
    },
  }
}

function isTrue(variant: unknown): boolean {
  return typeof variant === 'object' && variant !== null && 'value' in variant && variant.value === true
}

async function programOf(pid: number): Promise<string> {
  try {
    return (await readFile(`/proc/${String(pid)}/comm`, 'utf8')).trim()
  } catch {
    // Another user's or a sandboxed process: only its name is unknown, the service works all the same.
    return ''
  }
}

/** The keychain's name as its users know it. */
export function backendName(program: string): string {
  if (program.startsWith('gnome-keyring')) return 'GNOME Keyring'
  if (/^k(wallet|secret)d/.test(program)) return 'KWallet'
  if (program.startsWith('keepassxc')) return 'KeePassXC'
  return 'Secret Service'
}
