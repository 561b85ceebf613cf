/** Draws the tray model. On Linux the icon is a StatusNotifierItem; without a watcher on the bus there is no tray. */
import { join } from 'node:path'
import {
  Menu,
  nativeImage,
  Tray as ElectronTray,
  type MenuItemConstructorOptions,
  type NativeImage,
} from 'electron'
import type { Tray, TrayIconState, TrayItem, TrayModel } from '../ports/tray.ts'

/** Makes the icon with the first model. `hasHost` tells whether the desktop shows tray icons at all. */
export function createTray(input: { iconDir: string; activate: () => void; hasHost: () => boolean }): Tray & {
  destroy(): void
} {
  let tray: ElectronTray | undefined
  const listeners = new Set<(id: string) => void>()
  const select = (id: string) => {
    for (const listener of listeners) listener(id)
  }

  const ensure = (model: TrayModel) => {
    if (tray !== undefined) return tray
    tray = new ElectronTray(icon(input.iconDir, model.icon))
    tray.on('click', input.activate)
    return tray
  }

  return {
    update: (model) => {
      const current = ensure(model)
      current.setImage(icon(input.iconDir, model.icon))
      current.setToolTip(model.tooltip)
      // Linux shows changes only when the menu is set anew.
      current.setContextMenu(Menu.buildFromTemplate(model.items.map((item) => menuItem(item, select))))
    },
    onSelect: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    isAvailable: input.hasHost,
    destroy: () => {
      tray?.destroy()
      tray = undefined
    },
  }
}

function menuItem(item: TrayItem, select: (id: string) => void): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' }
    case 'heading':
      return { label: item.label, enabled: false }
    case 'action':
      return {
        label: item.label,
        enabled: item.enabled,
        click: () => {
          select(item.id)
        },
      }
    case 'toggle':
      return {
        type: 'checkbox',
        label: item.label,
        checked: item.checked,
        enabled: item.enabled,
        click: () => {
          select(item.id)
        },
      }
    case 'submenu':
      return { label: item.label, submenu: item.items.map((child) => menuItem(child, select)) }
  }
}

const images = new Map<string, NativeImage>()

function icon(dir: string, state: TrayIconState): NativeImage {
  // macOS recolours template images by itself; the name's suffix is how it knows (Electron, nativeImage).
  const file = join(dir, process.platform === 'darwin' ? `tray-${state}Template.png` : `tray-${state}.png`)
  let image = images.get(file)
  if (image === undefined) {
    image = nativeImage.createFromPath(file)
    images.set(file, image)
  }
  return image
}
