import type { ReactNode } from 'react'

/** Something a person can do. The same list feeds buttons, menus, context menus and the palette. */
export interface MenuAction {
  readonly kind?: 'action' | undefined
  readonly label: string
  readonly icon?: ReactNode
  readonly onSelect: () => void
  /** At the right end: a time, a state. */
  readonly detail?: ReactNode
  readonly keys?: string | undefined
  readonly danger?: boolean | undefined
  readonly disabled?: boolean | undefined
  /** Shown as a check: one of a set, or on and off. */
  readonly checked?: boolean | undefined
  /** In a Table: also a button at the right end of the row. Needs an icon. */
  readonly inline?: boolean | undefined
}

/** One line of a menu. */
export type MenuItem =
  | MenuAction
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string; readonly detail?: ReactNode }
  | {
      readonly kind: 'submenu'
      readonly label: string
      readonly icon?: ReactNode
      readonly disabled?: boolean | undefined
      readonly items: readonly MenuItem[]
    }

/** The lines of a menu that do something, without headings, separators and submenus. */
export function isMenuAction(item: MenuItem): item is MenuAction {
  return item.kind === undefined || item.kind === 'action'
}
