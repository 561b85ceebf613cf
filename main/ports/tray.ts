/** The tray icon. What it shows is decided by a pure function in `main/features/tray`; the shell only draws it. */
export type TrayIconState = 'idle' | 'active' | 'attention' | 'offline'

export type TrayItem =
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string }
  | {
      readonly kind: 'action'
      readonly id: string
      readonly label: string
      readonly enabled: boolean
    }
  | {
      readonly kind: 'toggle'
      readonly id: string
      readonly label: string
      readonly checked: boolean
      readonly enabled: boolean
    }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly TrayItem[] }

export interface TrayModel {
  readonly icon: TrayIconState
  readonly tooltip: string
  readonly items: readonly TrayItem[]
}

export interface Tray {
  /** Draws the model; called only when it differs from the last one. */
  update(model: TrayModel): void
  onSelect(listener: (id: string) => void): () => void
  /** False where the desktop has no tray: closing the window must then quit or minimise, never hide. */
  isAvailable(): boolean
}
