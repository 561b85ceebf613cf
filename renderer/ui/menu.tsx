import { ContextMenu as ContextKit } from '@base-ui/react/context-menu'
import { Menu as Kit } from '@base-ui/react/menu'
import type { ReactElement } from 'react'
import { classNames } from '../lib/class-names.ts'
import { CheckIcon, ChevronRightIcon } from './icons.tsx'
import { Kbd } from './kbd.tsx'
import type { MenuAction, MenuItem } from './menu-item.ts'
import { floatSurface, optionRow, quietIcons } from './option-row.tsx'

const popup = classNames(floatSurface, 'max-h-(--available-height) min-w-[200px] overflow-auto p-1')

export interface MenuProps {
  readonly items: readonly MenuItem[]
  /** The button that opens it; it must take a ref and props. */
  readonly trigger: ReactElement
  readonly side?: 'top' | 'bottom' | 'left' | 'right' | undefined
  readonly align?: 'start' | 'center' | 'end' | undefined
  readonly disabled?: boolean | undefined
}

/** A menu behind a button. */
export function Menu({ items, trigger, side = 'bottom', align = 'start', disabled }: MenuProps) {
  return (
    <Kit.Root modal={false} disabled={disabled}>
      <Kit.Trigger render={trigger} />
      <Kit.Portal>
        <Kit.Positioner
          side={side}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 outline-none"
        >
          <Kit.Popup className={popup}>
            <MenuLines items={items} />
          </Kit.Popup>
        </Kit.Positioner>
      </Kit.Portal>
    </Kit.Root>
  )
}

export interface ContextMenuProps {
  readonly items: readonly MenuItem[]
  /** The area it belongs to; it must take a ref and props. */
  readonly children: ReactElement
  readonly onOpenChange?: ((open: boolean) => void) | undefined
  readonly disabled?: boolean | undefined
}

/** A menu on right click, long press and the menu key. */
export function ContextMenu({ items, children, onOpenChange, disabled }: ContextMenuProps) {
  return (
    <ContextKit.Root onOpenChange={onOpenChange} disabled={disabled}>
      <ContextKit.Trigger render={children} />
      <ContextKit.Portal>
        <ContextKit.Positioner collisionPadding={8} className="z-60 outline-none">
          <ContextKit.Popup className={popup}>
            <MenuLines items={items} />
          </ContextKit.Popup>
        </ContextKit.Positioner>
      </ContextKit.Portal>
    </ContextKit.Root>
  )
}

function MenuLines({ items }: { readonly items: readonly MenuItem[] }) {
  return items.map((item, index) => {
    if (item.kind === 'separator') return <Kit.Separator key={index} className="m-1 h-px bg-line-strong" />
    if (item.kind === 'heading') {
      return (
        <div key={index} className="flex h-6 items-center gap-2 px-2 text-sm text-fg-3" role="presentation">
          {item.label}
          {item.detail ? <span className="ml-auto">{item.detail}</span> : null}
        </div>
      )
    }
    if (item.kind === 'submenu') {
      return (
        <Kit.SubmenuRoot key={index} disabled={item.disabled}>
          <Kit.SubmenuTrigger className={classNames(optionRow, quietIcons, 'data-popup-open:bg-hover')}>
            {item.icon}
            <span className="flex-1">{item.label}</span>
            <ChevronRightIcon className="size-3.5" />
          </Kit.SubmenuTrigger>
          <Kit.Portal>
            <Kit.Positioner
              sideOffset={2}
              alignOffset={-4}
              collisionPadding={8}
              className="z-60 outline-none"
            >
              <Kit.Popup className={popup}>
                <MenuLines items={item.items} />
              </Kit.Popup>
            </Kit.Positioner>
          </Kit.Portal>
        </Kit.SubmenuRoot>
      )
    }
    return <ActionLine key={index} action={item} />
  })
}

function ActionLine({ action }: { readonly action: MenuAction }) {
  const shared = {
    disabled: action.disabled,
    className: classNames(
      optionRow,
      'whitespace-nowrap',
      action.danger ? 'text-bad-fg data-highlighted:bg-bad-bg' : quietIcons,
    ),
  }
  const content = (
    <>
      {action.icon}
      <span className="cut flex-1">{action.label}</span>
      {action.detail === undefined ? null : (
        <span className="num pl-4 text-sm text-fg-3">{action.detail}</span>
      )}
      {action.keys ? <Kbd keys={action.keys} className="ml-3" /> : null}
    </>
  )
  if (action.checked === undefined) {
    return (
      <Kit.Item {...shared} label={action.label} onClick={action.onSelect}>
        {content}
      </Kit.Item>
    )
  }
  return (
    <Kit.CheckboxItem
      {...shared}
      label={action.label}
      checked={action.checked}
      onClick={action.onSelect}
      closeOnClick
    >
      <span className="grid size-4 flex-none place-items-center">
        <Kit.CheckboxItemIndicator>
          <CheckIcon className="size-3.5 text-accent-fg" />
        </Kit.CheckboxItemIndicator>
      </span>
      {content}
    </Kit.CheckboxItem>
  )
}
