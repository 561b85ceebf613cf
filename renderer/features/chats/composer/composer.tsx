import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { Chat } from '#bridge/contract/chats'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../../api/api-context.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ArrowUpIcon } from '../../../ui/icons.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { Notice } from '../../../ui/notice.tsx'
import { DictationButton, DictationStrip } from '../../dictation/index.ts'
import { useKnownSkills } from '../../own-agents/index.ts'
import { acceptedFiles } from './attachment-rules.ts'
import { ComposerBar, type OpenPicker } from './composer-bar.tsx'
import { ComposerChips } from './composer-chips.tsx'
import { ComposerText } from './composer-text.tsx'
import { drafts, useDraft } from './draft-store.ts'
import { hasContent, type Draft } from './draft.ts'
import { DropFrame } from './drop-frame.tsx'
import { SendFailure } from './send-failure.tsx'
import { withOwnSkills } from './skill-commands.ts'
import { useComposerDictation } from './use-composer-dictation.tsx'
import { useSending } from './use-sending.ts'
import { attachFiles, attachPaste, useUploads, type Upload } from './uploads.ts'
import { useComposerChoices, type ComposerChoices } from './use-composer-choices.ts'
import { useFilesOfOrganization } from './use-files-of-organization.ts'
import { UnaskedLine } from './unasked-line.tsx'
import type { MentionPlace, SlashCommand } from './use-suggestions.ts'

export interface ComposerProps {
  readonly deployment: Deployment
  /** Where the draft is kept. */
  readonly place: string
  /** Undefined: the message makes a new one. */
  readonly chat: Chat | undefined
  /** Of a new one: where it is to be made. */
  readonly organizationId?: string | undefined
  readonly placeholder: string
  readonly commands: readonly SlashCommand[]
  readonly files: MentionPlace | undefined
  /** On top: the queue, what is edited. */
  readonly above?: ReactNode
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
  const [open, setOpen] = useState<OpenPicker>()
  const organizationId = chat === undefined ? props.organizationId : chat.organization_id
  const choices = useComposerChoices(deployment.id, { chat, organizationId }, draft)
  // What is written here is what the person came for.
  useEffect(() => field.current?.focus({ preventScroll: true }), [place])
  const target = { client, deploymentId: deployment.id, organizationId, place }
  useFilesOfOrganization(target, draft.attachments)
  const blocked = useUploads((all) => blockedBy(draft, all))
  const dictation = useComposerDictation(place, field)
  const change = (next: Partial<Draft>): void => drafts.change(place, (before) => ({ ...before, ...next }))

  const { send, failure } = useSending(place, async (taken) => props.onSend(taken, choices))
  const trySend = (): void => {
    if (blocked === undefined && sending === undefined && hasContent(draft)) void send()
  }
  const commands: readonly SlashCommand[] = [
    ...ownCommands({
      onPlan: () => change({ planMode: !choices.planMode }),
      onOpen: setOpen,
      hasEfforts: choices.efforts.length > 0,
    }),
    { name: 'attach', description: 'Attach files', run: () => picker.current?.click() },
    ...withOwnSkills(props.commands, useKnownSkills(deployment.id)),
  ]
  return (
    <div className="flex flex-col gap-2">
      {failure === undefined ? null : <SendFailure error={failure.error} />}
      {isKept ? null : (
        <Notice tone="warn">
          This draft is too large to survive a restart. Send it, or attach a part as a file.
        </Notice>
      )}
      <DropFrame onFiles={(files) => void attachFiles(target, files)}>
        {props.above}
        <DictationStrip place={place} dictation={dictation.here} focusText={dictation.focusText} />
        <ComposerChips
          target={target}
          draft={draft}
          planMode={choices.planMode}
          onNoPlan={() => change({ planMode: false })}
        />
        <ComposerText
          key={place}
          label="Message"
          placeholder={props.placeholder}
          value={draft.text}
          field={field}
          commands={commands}
          files={props.files}
          readHistory={props.readHistory}
          onText={(text) => change({ text })}
          onSend={dictation.endOr(trySend)}
          onFiles={(files) => void attachFiles(target, files)}
          onLongPaste={(text) => attachPaste(target, text)}
          onEscape={dictation.cancelOr(() => props.onEscape?.())}
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
        <ComposerBar
          deploymentId={deployment.id}
          choices={choices}
          open={open}
          onOpen={setOpen}
          onChange={change}
          onAttach={() => picker.current?.click()}
          plusItems={[...(props.plusItems ?? []), ...dictation.plusItems]}
          tools={props.tools}
          end={
            <>
              <DictationButton dictation={dictation.here} focusText={dictation.focusText} />
              {props.end}
              <IconButton
                label={blocked ?? 'Send'}
                size="sm"
                variant="primary"
                tooltipSide="top"
                icon={<ArrowUpIcon />}
                disabled={!hasContent(draft) && sending === undefined}
                loading={sending !== undefined}
                onClick={trySend}
              />
            </>
          }
        />
      </DropFrame>
      <UnaskedLine deployment={deployment} />
    </div>
  )
}

interface OwnCommands {
  readonly onPlan: () => void
  readonly onOpen: (open: OpenPicker) => void
  readonly hasEfforts: boolean
}

/** What can be asked for by its name wherever a message is written. */
function ownCommands({ onPlan, onOpen, hasEfforts }: OwnCommands): readonly SlashCommand[] {
  return [
    { name: 'plan', description: 'Plan first, then do it', run: onPlan },
    { name: 'model', description: 'Choose the model', run: () => onOpen('model') },
    ...(hasEfforts
      ? [{ name: 'effort', description: 'Choose how hard the model thinks', run: () => onOpen('effort') }]
      : []),
    { name: 'mcp', description: 'Choose MCP servers', run: () => onOpen('mcp') },
  ]
}

function blockedBy(
  { attachments }: Draft,
  uploads: Readonly<Record<string, Upload | undefined>>,
): string | undefined {
  if (attachments.some(({ id }) => uploads[id]?.kind === 'running'))
    return 'Send, once the files are uploaded'
  return attachments.some(({ id, fileId }) => fileId === undefined || uploads[id]?.kind === 'failed')
    ? 'Remove the file that is not uploaded, or try it again'
    : undefined
}
