/** The few colours main must know itself: what the system paints before and around the page. */
import { nativeTheme } from 'electron'
import type { WindowLook } from '../security/window-options.ts'

const dark: WindowLook = { background: '#0b0c10', titleBar: '#0b0c10', titleBarSymbols: '#c4c6cf' }
const light: WindowLook = { background: '#f2f3f6', titleBar: '#f2f3f6', titleBarSymbols: '#3c3f49' }
const highContrast: WindowLook = { background: '#000000', titleBar: '#000000', titleBarSymbols: '#ffffff' }

/** Follows the theme the user chose (`nativeTheme.themeSource`) or the system's. */
export function currentLook(theme: 'system' | 'light' | 'dark' | 'high-contrast'): WindowLook {
  if (theme === 'high-contrast') return highContrast
  return nativeTheme.shouldUseDarkColors ? dark : light
}
