import { ChevronsUpDownIcon, OutpostMark } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { StatusMark, type Status } from '../../ui/status-mark.tsx'

export interface DeploymentSwitcherProps {
  readonly name: string
  readonly status: Status
  /** Read behind the name: `Connected`. */
  readonly statusLabel: string
  readonly items: readonly MenuItem[]
}

/** Which deployment the window shows, with its state, and the way to another one. */
export function DeploymentSwitcher({ name, status, statusLabel, items }: DeploymentSwitcherProps) {
  return (
    <Menu
      items={items}
      trigger={
        <button
          type="button"
          className="flex h-7 w-[180px] min-w-0 items-center gap-2 rounded-md px-1.5 font-semibold hover:bg-hover data-popup-open:bg-active mid:w-[200px]"
        >
          <span className="grid size-5 flex-none place-items-center rounded-[5px] bg-accent text-on-accent">
            <OutpostMark className="size-3.5" />
          </span>
          <span className="sr-only">Deployment</span>
          <span className="cut">{name}</span>
          <StatusMark status={status} label={statusLabel} hideLabel className="flex-none" />
          <ChevronsUpDownIcon className="ml-auto text-fg-3" />
        </button>
      }
    />
  )
}
