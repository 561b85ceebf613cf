import type { KeyboardEvent } from 'react'
import { useStore } from 'zustand'
import { displayName } from '#bridge/contract/remote-names'
import { classNames } from '../../lib/class-names.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { SaveIcon, XIcon } from '../../ui/icons.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { tabLabels, type OpenDocument } from './document-state.ts'
import type { OpenDocuments } from './open-documents.ts'

export interface EditorTabsProps {
  readonly documents: OpenDocuments
  readonly active: OpenDocument
  readonly onClose: (id: string) => void
}

/** The open files: pick and close them by pointer or keyboard. A dot marks unsaved changes. */
export function EditorTabs({ documents, active, onClose }: EditorTabsProps) {
  const { documents: all } = useStore(documents.store)
  const labels = tabLabels(all)
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    const next = all[(index + step + all.length) % all.length]
    if (event.key === 'Delete') onClose(all[index]?.id ?? '')
    else if (step !== 0 && next) {
      documents.activate(next.id)
      event.currentTarget
        .closest('[role=tablist]')
        ?.querySelectorAll<HTMLElement>('[role=tab]')
        [all.indexOf(next)]?.focus()
    } else return
    event.preventDefault()
  }
  return (
    <div className="flex h-9 flex-none items-center gap-1 border-b border-line bg-sunken pr-2">
      <div
        role="tablist"
        aria-label="Open files"
        className="flex h-full min-w-0 flex-1 overflow-x-auto [scrollbar-width:none]"
      >
        {all.map((document, index) => {
          const isActive = document.id === active.id
          const label = displayName(labels.get(document.id) ?? '')
          return (
            <div
              key={document.id}
              role="presentation"
              title={displayName(document.path)}
              className={classNames(
                'group/tab flex h-full flex-none items-center gap-1 border-r border-line pr-1.5 pl-3',
                isActive ? 'bg-page text-fg' : 'text-fg-2 hover:bg-hover',
              )}
              onAuxClick={(event) => {
                if (event.button === 1) onClose(document.id)
              }}
            >
              <button
                type="button"
                role="tab"
                aria-selected={isActive}
                aria-keyshortcuts="Delete"
                tabIndex={isActive ? 0 : -1}
                className="flex h-full max-w-56 min-w-0 items-center gap-1.5 focus-visible:-outline-offset-2"
                onClick={() => documents.activate(document.id)}
                onKeyDown={(event) => onKeyDown(event, index)}
              >
                <span className="cut">{label}</span>
                {document.isDirty ? <span className="sr-only">, not saved</span> : null}
              </button>
              {/* A tab list may hold tabs only, so this is for the pointer; the keyboard has Delete. */}
              <button
                type="button"
                tabIndex={-1}
                aria-hidden="true"
                title={`Close ${label}`}
                className="grid size-5 place-items-center rounded-sm text-fg-3 hover:bg-hover hover:text-fg"
                onClick={() => onClose(document.id)}
              >
                {document.isSaving ? (
                  <Spinner className="size-3" />
                ) : document.isDirty ? (
                  <>
                    <span className="size-2 rounded-full bg-accent-fg group-hover/tab:hidden" />
                    <XIcon className="hidden size-3 group-hover/tab:block" />
                  </>
                ) : (
                  <XIcon className="size-3" />
                )}
              </button>
            </div>
          )
        })}
      </div>
      <IconButton
        size="sm"
        label="Save"
        keys="Mod+S"
        icon={<SaveIcon />}
        disabled={!active.isDirty || active.isSaving}
        onClick={() => void documents.save(active.id)}
      />
    </div>
  )
}
