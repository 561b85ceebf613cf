import { useState, type SyntheticEvent } from 'react'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { SparkleIcon } from '../../ui/icons.tsx'
import { Input } from '../../ui/input.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { ChatRow } from './chat-state.ts'
import { useChatActions } from './use-chat-actions.ts'

export interface RenameDialogProps {
  readonly deploymentId: string
  readonly chat: ChatRow
  readonly onClose: () => void
}

const longest = 200

/** A chat's title, typed or proposed by its model. */
export function RenameDialog({ deploymentId, chat, onClose }: RenameDialogProps) {
  const actions = useChatActions(deploymentId)
  const [title, setTitle] = useState(chat.title)
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<string>()
  const propose = useChange('chats.proposeTitle')
  const trimmed = title.trim()
  const problem =
    trimmed === ''
      ? 'Give it a title.'
      : [...trimmed].length > longest
        ? `At most ${longest} characters.`
        : undefined
  const save = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (problem !== undefined || busy) return
    setBusy(true)
    setFailure(undefined)
    actions
      .update(chat, { title: trimmed })
      .then(onClose)
      .catch((error: unknown) => {
        setFailure(errorWords(error).message)
        setBusy(false)
      })
  }
  const proposeFailure = propose.error ? errorWords(propose.error).message : undefined
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title="Rename the chat"
      size="sm"
      footer={
        <>
          <Button
            className="mr-auto"
            icon={<SparkleIcon />}
            loading={propose.isPending}
            onClick={() =>
              propose.mutate(
                { deploymentId, chatId: chat.id },
                { onSuccess: (answer) => setTitle(answer.title) },
              )
            }
          >
            Propose
          </Button>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form="rename-chat"
            variant="primary"
            disabled={problem !== undefined}
            loading={busy}
          >
            Rename
          </Button>
        </>
      }
    >
      <form id="rename-chat" onSubmit={save} className="flex flex-col gap-3">
        <Field label="Title" error={title === chat.title ? undefined : problem}>
          <Input
            autoFocus
            value={title}
            onFocus={(event) => event.target.select()}
            onChange={(event) => setTitle(event.target.value)}
          />
        </Field>
        {(failure ?? proposeFailure) === undefined ? null : (
          <Notice tone="bad">{failure ?? proposeFailure}</Notice>
        )}
      </form>
    </Dialog>
  )
}
