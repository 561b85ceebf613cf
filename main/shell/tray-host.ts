/** Whether the desktop shows tray icons. On Linux that is a StatusNotifierWatcher on the session bus, now or later. */
import type { MessageBus } from '@particle/dbus-next'

const watcherName = 'org.kde.StatusNotifierWatcher'

export interface TrayHost {
  isPresent(): boolean
  close(): void
}

/** Starts to watch at once; until the bus has answered there is no tray, so that closing a window cannot lose the app. */
export function watchTrayHost(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
): TrayHost {
  if (platform !== 'linux') return { isPresent: () => true, close: () => undefined }
  let present = false
  let bus: MessageBus | undefined
  let closed = false
  const address = environment['DBUS_SESSION_BUS_ADDRESS']
  if (address === undefined || address === '') return { isPresent: () => false, close: () => undefined }

  const watch = async () => {
    const dbus = await import('@particle/dbus-next')
    if (closed) return
    bus = dbus.sessionBus({ busAddress: address })
    // A lost bus takes its tray along.
    bus.on('error', () => {
      present = false
    })
    const daemon = await bus.getProxyObject('org.freedesktop.DBus', '/org/freedesktop/DBus')
    const methods = daemon.getInterface('org.freedesktop.DBus') as unknown as {
      NameHasOwner(name: string): Promise<boolean>
      on(event: 'NameOwnerChanged', listener: (name: string, from: string, to: string) => void): void
    }
    methods.on('NameOwnerChanged', (name, _from, to) => {
      if (name === watcherName) present = to !== ''
    })
    present = await methods.NameHasOwner(watcherName)
  }
  watch().catch(() => {
    present = false
  })

  return {
    isPresent: () => present,
    close: () => {
      closed = true
      bus?.disconnect()
    },
  }
}
