import { useState, type DragEvent, type KeyboardEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { ContextMenu } from '../../ui/menu.tsx'
import { TerminalIcon, XIcon } from '../../ui/icons.tsx'
import { TabTitle } from '../../ui/tab-title.tsx'
import { classNames } from '../../lib/class-names.ts'
import { groupLabels, groupOf, moveGroup, nameMaxChars, type TerminalGroup } from './terminal-groups.ts'
import { paneKeys } from './terminal-layout.ts'
import { tabMenu } from './terminal-tab-menu.tsx'
import { useTerminalNews, useTerminals, useTerminalTabs } from './terminals-context.tsx'
import { useSaveOutput } from './use-save-output.ts'
import { useRenaming } from './use-renaming.ts'

const dragType = 'application/x-outpost-terminal-tab'

/** The tabs of some terminals: pick, name, move and close them by pointer or keyboard. */
export function TerminalTabBar({ groups }: { readonly groups: readonly TerminalGroup[] }) {
  const terminals = useTerminals()
  const state = useTerminalTabs()
  const news = useTerminalNews()
  const saveOutput = useSaveOutput()
  const labels = groupLabels(state)
  const active = groups.find(({ id }) => id === groupOf(state, state.activeKey)?.id) ?? groups[0]
  const close = ({ layout }: TerminalGroup): void => paneKeys(layout).forEach(terminals.close)
  const moveTo = (id: string, to: number): void => terminals.change((now) => moveGroup(now, id, to))

  const onKeyDown = (event: KeyboardEvent<HTMLElement>, group: TerminalGroup, index: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (event.key === 'Delete') close(group)
    else if (event.key === 'F2') useRenaming.setState({ groupId: group.id })
    else if (step !== 0 && event.altKey) moveTo(group.id, state.groups.indexOf(group) + step)
    else if (step !== 0) {
      const next = groups[(index + step + groups.length) % groups.length]
      if (next) terminals.activate(next.focusKey)
      focusTab(event.currentTarget, (index + step + groups.length) % groups.length)
    } else return
    event.preventDefault()
  }
  const onDrop = (event: DragEvent, group: TerminalGroup): void => {
    const id = event.dataTransfer.getData(dragType)
    if (id === '') return
    event.preventDefault()
    moveTo(id, state.groups.indexOf(group))
  }
  return (
    <>
      <div
        role="tablist"
        aria-label="Terminals"
        className="flex min-w-0 gap-0.5 overflow-x-auto [scrollbar-width:none]"
      >
        {groups.map((group, index) => {
          const title = labels.get(group.id) ?? ''
          const keys = paneKeys(group.layout)
          const isActive = group === active
          return (
            <ContextMenu
              key={group.id}
              items={tabMenu({ terminals, state, group, groups, close, saveOutput })}
            >
              <div
                role="presentation"
                draggable
                className={classNames(
                  'flex h-[26px] min-w-0 flex-none items-center rounded-md pr-1 pl-2',
                  isActive ? 'bg-active text-fg' : 'text-fg-2 hover:bg-hover',
                )}
                onDragStart={(event) => event.dataTransfer.setData(dragType, group.id)}
                onDragOver={(event) => {
                  if (event.dataTransfer.types.includes(dragType)) event.preventDefault()
                }}
                onDrop={(event) => onDrop(event, group)}
                onAuxClick={(event) => {
                  if (event.button === 1) close(group)
                }}
              >
                <button
                  type="button"
                  role="tab"
                  aria-selected={isActive}
                  aria-keyshortcuts="Delete F2 Alt+ArrowLeft Alt+ArrowRight"
                  tabIndex={isActive ? 0 : -1}
                  className="flex max-w-60 min-w-0 items-center gap-2 rounded-sm pr-1"
                  onClick={() => terminals.activate(group.focusKey)}
                  onDoubleClick={() => useRenaming.setState({ groupId: group.id })}
                  onKeyDown={(event) => onKeyDown(event, group, index)}
                >
                  <TerminalIcon className="size-3.5 text-fg-3" />
                  <TabTitle title={title} hasNews={keys.some((key) => news.get(key)?.hasOutput)} />
                  {keys.length > 1 ? (
                    <span className="num flex-none text-sm text-fg-3" title={`${keys.length} terminals`}>
                      {keys.length}
                    </span>
                  ) : null}
                </button>
                {/* A tab list may hold tabs only, so this is for the pointer; the keyboard has Delete. */}
                <button
                  type="button"
                  tabIndex={-1}
                  aria-hidden="true"
                  title={`Close ${title}`}
                  className="grid size-5 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg"
                  onClick={() => close(group)}
                >
                  <XIcon className="size-3" />
                </button>
              </div>
            </ContextMenu>
          )
        })}
      </div>
      <RenameDialog groups={groups} labels={labels} />
    </>
  )
}

function focusTab(from: HTMLElement, index: number): void {
  from.closest('[role=tablist]')?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus()
}

interface RenameDialogProps {
  readonly groups: readonly TerminalGroup[]
  readonly labels: ReadonlyMap<string, string>
}

function RenameDialog({ groups, labels }: RenameDialogProps) {
  const { groupId } = useRenaming()
  const group = groups.find(({ id }) => id === groupId)
  const onOpenChange = (): void => useRenaming.setState({ groupId: undefined })
  return (
    <Dialog
      open={group !== undefined}
      onOpenChange={onOpenChange}
      size="sm"
      title={`Name of ${labels.get(groupId ?? '') ?? 'the tab'}`}
    >
      {group ? <RenameForm key={group.id} group={group} onDone={onOpenChange} /> : null}
    </Dialog>
  )
}

function RenameForm({ group, onDone }: { readonly group: TerminalGroup; readonly onDone: () => void }) {
  const terminals = useTerminals()
  const [name, setName] = useState(group.name)
  const save = (): void => {
    terminals.change((state) => ({
      ...state,
      groups: state.groups.map((other) => (other.id === group.id ? { ...other, name: name.trim() } : other)),
    }))
    onDone()
  }
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
    >
      <Field label="Name" help="Left empty, the tab is called after what runs in it.">
        <Input
          autoFocus
          value={name}
          maxLength={nameMaxChars}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button variant="primary" type="submit">
          Save
        </Button>
      </div>
    </form>
  )
}
