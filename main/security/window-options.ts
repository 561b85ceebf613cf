/** The options of every window. This function is the only producer, so a test can pin the exact object. */
import type { BrowserWindowConstructorOptions } from 'electron'
import type { BridgeFacts } from '#ipc/bridge-api'
import { pagePreferences } from './page-preferences.ts'

/** Prefix of the one preload argument; what follows is JSON of `BridgeFacts`. */
export const factsArgument = '--outpost-facts='

export interface WindowLook {
  readonly background: string
  readonly titleBar: string
  readonly titleBarSymbols: string
}

export interface WindowPlacement {
  readonly width: number
  readonly height: number
  readonly x?: number
  readonly y?: number
}

export function windowOptions(input: {
  readonly facts: BridgeFacts
  readonly preload: string
  readonly look: WindowLook
  readonly placement: WindowPlacement
}): BrowserWindowConstructorOptions {
  const { facts, look } = input
  return {
    ...input.placement,
    minWidth: 640,
    minHeight: 480,
    show: false,
    title: 'Outpost',
    backgroundColor: look.background,
    autoHideMenuBar: true,
    ...(facts.customTitleBar ? titleBar(facts.platform, look) : {}),
    webPreferences: {
      preload: input.preload,
      additionalArguments: [`${factsArgument}${JSON.stringify(facts)}`],
      ...pagePreferences,
      devTools: !facts.packaged,
    },
  }
}

/** macOS insets the traffic lights; elsewhere the system draws its buttons over our 40 px bar. */
function titleBar(platform: BridgeFacts['platform'], look: WindowLook): BrowserWindowConstructorOptions {
  if (platform === 'darwin') return { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 14, y: 13 } }
  return { titleBarStyle: 'hidden', titleBarOverlay: titleBarOverlay(look) }
}

export function titleBarOverlay(look: WindowLook): { color: string; symbolColor: string; height: number } {
  // One pixel less than the bar, so that the page's own bottom border stays whole.
  return { color: look.titleBar, symbolColor: look.titleBarSymbols, height: 39 }
}
