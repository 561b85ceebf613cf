import { useEffect, useRef, useState, type DragEvent, type ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../../api/api-context.tsx'
import { classNames } from '../../../lib/class-names.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ArrowUpIcon, ListTodoIcon } from '../../../ui/icons.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { Notice } from '../../../ui/notice.tsx'
import { acceptedFiles } from './attachment-rules.ts'
import { Chip, DraftChips } from './composer-chips.tsx'
import { ComposerText } from './composer-text.tsx'
import { drafts, useDraft } from './draft-store.ts'
import { hasContent, type Draft } from './draft.ts'
import { McpPicker } from './mcp-picker.tsx'
import { ModelPicker } from './model-picker.tsx'
import { PlusMenu } from './plus-menu.tsx'
import { SendFailure } from './send-failure.tsx'
import { attachFiles, attachPaste, useUploads } from './uploads.ts'
import { useComposerChoices, type ComposerChoices } from './use-composer-choices.ts'
import type { MentionPlace, SlashCommand } from './use-suggestions.ts'

export interface ComposerProps {
  readonly deployment: Deployment
  /** Where the draft is kept. */
  readonly place: string
  /** Undefined: the message makes a new one. */
  readonly chat: Chat | undefined
  readonly placeholder: string
  readonly commands: readonly SlashCommand[]
  readonly files: MentionPlace | undefined
  /** On top: the queue, what is edited. */
  readonly above?: ReactNode
  /** Before the chips of the draft: the workspace. */
  readonly badges?: ReactNode
  /** Behind the pickers: a workspace. */
  readonly tools?: ReactNode
  /** Before Send: Stop. */
  readonly end?: ReactNode
  readonly plusItems?: readonly MenuItem[]
  readonly readHistory?: (() => Promise<readonly string[]>) | undefined
  /** Sends; what it rejects with is shown, and the text is back. */
  readonly onSend: (draft: Draft, choices: ComposerChoices) => Promise<void>
  readonly onEscape?: (() => void) | undefined
}

/** Where a message is written. Nothing that was typed is lost: not by leaving, restarting, signing out or a failure. */
export function Composer(props: ComposerProps) {
  const { deployment, place, chat } = props
  const { client } = useApi()
  const { draft, sending, isKept } = useDraft(place)
  const picker = useRef<HTMLInputElement>(null)
  const field = useRef<HTMLTextAreaElement>(null)
  const [failure, setFailure] = useState<{ readonly place: string; readonly error: unknown }>()
  const [open, setOpen] = useState<'model' | 'mcp'>()
  const [isOver, setOver] = useState(false)
  const choices = useComposerChoices(deployment.id, chat, draft)
  // What is written here is what the person came for.
  useEffect(() => field.current?.focus({ preventScroll: true }), [place])
  const isUploading = useUploads((all) => draft.attachments.some(({ id }) => all[id]?.kind === 'running'))
  const blocked = blockedBy(draft, isUploading)
  const target = { client, deploymentId: deployment.id, place }
  const change = (next: Partial<Draft>): void => drafts.change(place, (before) => ({ ...before, ...next }))

  const send = async (): Promise<void> => {
    if (blocked !== undefined || sending !== undefined || !hasContent(draft)) return
    setFailure(undefined)
    const taken = drafts.beginSending(place)
    try {
      await props.onSend(taken, choices)
      drafts.sent(place)
    } catch (error) {
      drafts.sendingFailed(place)
      setFailure({ place, error })
    }
  }
  const commands: readonly SlashCommand[] = [
    {
      name: 'plan',
      description: 'Plan first, then do it',
      run: () => change({ planMode: !choices.planMode }),
    },
    { name: 'model', description: 'Choose the model', run: () => setOpen('model') },
    { name: 'mcp', description: 'Choose MCP servers', run: () => setOpen('mcp') },
    { name: 'attach', description: 'Attach files', run: () => picker.current?.click() },
    ...props.commands,
  ]
  const onDrag = (event: DragEvent, over: boolean): void => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(over)
  }
  const hasChips =
    props.badges !== undefined || choices.planMode || draft.attachments.length + draft.references.length > 0
  return (
    <div className="flex flex-col gap-2">
      {failure?.place === place ? <SendFailure error={failure.error} /> : null}
      {isKept ? null : (
        <Notice tone="warn">
          This draft is too large to survive a restart. Send it, or attach a part as a file.
        </Notice>
      )}
      <div
        className={classNames(
          'rounded-lg border border-line-ui bg-card has-[textarea:focus]:border-ring',
          isOver && 'outline-2 outline-ring',
        )}
        onDragOver={(event) => onDrag(event, true)}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          onDrag(event, false)
          void attachFiles(target, [...event.dataTransfer.files])
        }}
      >
        {props.above}
        {hasChips ? (
          <div className="flex flex-wrap gap-1 px-2.5 pt-2">
            {props.badges}
            {choices.planMode ? (
              <Chip
                tone="accent"
                icon={<ListTodoIcon />}
                removeLabel="Do it without a plan"
                onRemove={() => change({ planMode: false })}
              >
                Plan first
              </Chip>
            ) : null}
            <DraftChips deploymentId={deployment.id} place={place} draft={draft} />
          </div>
        ) : null}
        <ComposerText
          label="Message"
          placeholder={props.placeholder}
          value={draft.text}
          field={field}
          commands={commands}
          files={props.files}
          readHistory={props.readHistory}
          onText={(text) => change({ text })}
          onSend={() => void send()}
          onFiles={(files) => void attachFiles(target, files)}
          onLongPaste={(text) => attachPaste(target, text)}
          onEscape={() => props.onEscape?.()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          accept={acceptedFiles}
          aria-label="Files to attach"
          onChange={(event) => {
            void attachFiles(target, [...(event.target.files ?? [])])
            event.target.value = ''
          }}
        />
        <div className="flex min-w-0 items-center gap-1 px-1.5 pb-1.5">
          <PlusMenu
            planMode={choices.planMode}
            onAttach={() => picker.current?.click()}
            onPlan={(planMode) => change({ planMode })}
            onMcp={choices.servers.length === 0 ? undefined : () => setOpen('mcp')}
            more={props.plusItems ?? []}
          />
          <ModelPicker
            models={choices.models}
            unsupported={choices.unsupported}
            value={choices.modelConfigId}
            onChange={(modelConfigId) => change({ modelConfigId })}
            open={open === 'model'}
            onOpenChange={(next) => setOpen(next ? 'model' : undefined)}
          />
          <McpPicker
            deploymentId={deployment.id}
            servers={choices.servers}
            value={choices.mcpServerIds}
            onChange={(mcpServerIds) => change({ mcpServerIds })}
            open={open === 'mcp'}
            onOpenChange={(next) => setOpen(next ? 'mcp' : undefined)}
          />
          {props.tools}
          <span className="ml-auto flex flex-none items-center gap-1">
            {props.end}
            <IconButton
              label={blocked ?? 'Send'}
              size="sm"
              variant="primary"
              tooltipSide="top"
              icon={<ArrowUpIcon />}
              disabled={!hasContent(draft) && sending === undefined}
              loading={sending !== undefined}
              onClick={() => void send()}
            />
          </span>
        </div>
      </div>
    </div>
  )
}

function blockedBy(draft: Draft, isUploading: boolean): string | undefined {
  if (isUploading) return 'Send, once the files are uploaded'
  return draft.attachments.some(({ fileId }) => fileId === undefined)
    ? 'Remove the file that is not uploaded, or try it again'
    : undefined
}
