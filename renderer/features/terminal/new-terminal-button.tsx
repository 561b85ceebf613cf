import type { TerminalProfile } from '#ipc/settings'
import { IconButton } from '../../ui/icon-button.tsx'
import { ChevronDownIcon, PlusIcon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { useSettings } from '../settings/index.ts'

/** Opens a terminal with the login shell, or with one of the user's profiles where there are some. */
export function NewTerminalButton({ onOpen }: { readonly onOpen: (profile?: TerminalProfile) => void }) {
  const { profiles } = useSettings().settings.terminal
  return (
    <>
      <IconButton size="sm" label="New terminal" icon={<PlusIcon />} onClick={() => onOpen()} />
      {profiles.length > 0 ? (
        <Menu
          items={[
            { label: 'Login shell', onSelect: () => onOpen() },
            { kind: 'separator' },
            ...profiles.map((profile) => ({ label: profile.name, onSelect: () => onOpen(profile) })),
          ]}
          trigger={<IconButton size="sm" label="New terminal by profile" icon={<ChevronDownIcon />} />}
        />
      ) : null}
    </>
  )
}
