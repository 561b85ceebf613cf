import { IconButton } from '../../../ui/icon-button.tsx'
import { ListTodoIcon, PaperclipIcon, PlugIcon, PlusIcon } from '../../../ui/icons.tsx'
import { Menu } from '../../../ui/menu.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { sendKeyName, useSendKey } from '../../own-agents/index.ts'

export interface PlusMenuProps {
  readonly planMode: boolean
  readonly onAttach: () => void
  readonly onPlan: (planMode: boolean) => void
  /** Left out where there are no MCP servers. */
  readonly onMcp: (() => void) | undefined
  /** Of the place: a workspace to attach. */
  readonly more: readonly MenuItem[]
}

/** What can go with a message, and how it is sent. */
export function PlusMenu({ planMode, onAttach, onPlan, onMcp, more }: PlusMenuProps) {
  const [key, setKey] = useSendKey()
  return (
    <Menu
      side="top"
      items={[
        { label: 'Attach files…', icon: <PaperclipIcon />, onSelect: onAttach },
        {
          label: 'Plan first',
          icon: <ListTodoIcon />,
          detail: planMode ? 'On' : undefined,
          onSelect: () => onPlan(!planMode),
        },
        ...more,
        ...(onMcp === undefined ? [] : [{ label: 'MCP servers…', icon: <PlugIcon />, onSelect: onMcp }]),
        { kind: 'separator' },
        { kind: 'heading', label: 'Send with' },
        ...(['enter', 'mod-enter'] as const).map((one) => ({
          label: sendKeyName(one),
          checked: key === one,
          onSelect: () => setKey(one),
        })),
      ]}
      trigger={
        <IconButton label="Attach, plan first, and more" size="sm" icon={<PlusIcon />} tooltipSide="top" />
      }
    />
  )
}
