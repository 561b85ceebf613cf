import { useState } from 'react'
import { RemoveDeploymentDialog, useDeployments, useSignOut } from '../features/deployments/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { Avatar } from '../ui/avatar.tsx'
import {
  LogInIcon,
  LogOutIcon,
  ServerIcon,
  SlidersHorizontalIcon,
  Trash2Icon,
  UserIcon,
} from '../ui/icons.tsx'
import { Menu } from '../ui/menu.tsx'
import type { MenuItem } from '../ui/menu-item.ts'

/** At the right end of the title bar: who one is on the shown deployment, and what belongs to that. */
export function AccountMenu() {
  const { active } = useDeployments()
  const actions = useWindowActions()
  const signOut = useSignOut()
  const [isRemoving, setRemoving] = useState(false)
  if (!active) return null
  const { user } = active
  const isRemote = active.kind === 'remote'
  const items: MenuItem[] = [
    {
      kind: 'heading',
      label: user ? user.name || user.username : 'Not signed in',
      detail: active.name,
    },
    { kind: 'separator' },
    {
      label: 'Settings',
      icon: <SlidersHorizontalIcon />,
      keys: 'Mod+,',
      onSelect: () => actions.goToSettings('general'),
    },
    {
      label: 'Manage deployments',
      icon: <ServerIcon />,
      onSelect: () => actions.goToSettings('deployments'),
    },
    ...(isRemote
      ? ([
          { kind: 'separator' },
          {
            label: user ? 'Sign in as somebody else…' : 'Sign in again…',
            icon: <LogInIcon />,
            onSelect: () => actions.askSignIn(active.id),
          },
          {
            label: 'Sign out',
            icon: <LogOutIcon />,
            disabled: active.state.kind === 'signed_out',
            onSelect: () => signOut(active),
          },
          {
            label: 'Sign out and remove…',
            icon: <Trash2Icon />,
            danger: true,
            onSelect: () => setRemoving(true),
          },
        ] as const)
      : []),
  ]
  return (
    <>
      <Menu
        align="end"
        items={items}
        trigger={
          <button
            type="button"
            aria-label={`Account: ${user ? user.username : 'not signed in'}`}
            className="grid size-7 place-items-center rounded-full hover:bg-hover data-popup-open:bg-active"
          >
            {user ? <Avatar name={user.name || user.username} /> : <UserIcon />}
          </button>
        }
      />
      {isRemote ? (
        <RemoveDeploymentDialog deployment={active} open={isRemoving} onOpenChange={setRemoving} />
      ) : null}
    </>
  )
}
