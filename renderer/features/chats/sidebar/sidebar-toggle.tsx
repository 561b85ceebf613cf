import { useKept } from '../../../lib/kept-state.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { PanelLeftIcon } from '../../../ui/icons.tsx'
import { sidebarShown } from './sidebar-state.ts'

/** Hides and shows the list of chats. */
export function SidebarToggle() {
  const isShown = useKept(sidebarShown)
  return (
    <IconButton
      label={isShown ? 'Hide the list of chats' : 'Show the list of chats'}
      keys="Mod+Shift+B"
      icon={<PanelLeftIcon />}
      onClick={() => sidebarShown.set(!isShown)}
    />
  )
}
