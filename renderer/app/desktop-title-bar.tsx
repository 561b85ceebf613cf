import { useApi } from '../api/api-context.tsx'
import { Button } from '../ui/button.tsx'
import { MessageSquareIcon } from '../ui/icons.tsx'
import { titleBarRoom } from './frame/title-bar.tsx'

export interface DesktopTitleBarProps {
  /** Of the chat, once it is known. */
  readonly title: string | undefined
  readonly deploymentName: string | undefined
  readonly onShowChat: () => void
}

/** Whose desktop it is, and the way to the chat. Drags the window. */
export function DesktopTitleBar({ title, deploymentName, onShowChat }: DesktopTitleBarProps) {
  const { facts } = useApi()
  // Room for the traffic lights, which macOS draws over the page.
  const left = facts.platform === 'darwin' && facts.customTitleBar ? 72 : 0
  return (
    <header
      className="flex h-(--h-titlebar) items-center gap-2 drag-region"
      style={titleBarRoom({ left, right: 0 })}
    >
      <h1 className="cut min-w-0 font-medium">{title ?? 'Desktop'}</h1>
      <span className="cut min-w-16 flex-1 text-sm text-fg-2">{deploymentName}</span>
      <Button size="sm" variant="ghost" icon={<MessageSquareIcon />} className="no-drag" onClick={onShowChat}>
        Show the chat
      </Button>
    </header>
  )
}
