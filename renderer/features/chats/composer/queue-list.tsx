import { useState } from 'react'
import type { ChatQueuedMessage } from '#bridge/contract/chats-messages'
import { useApi } from '../../../api/api-context.tsx'
import { errorWords } from '../../../api/error-words.ts'
import { plainText } from '../../../lib/plain-text.ts'
import { Button } from '../../../ui/button.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ListIcon, PencilIcon, XIcon } from '../../../ui/icons.tsx'
import { toast } from '../../../ui/toast-store.ts'

export interface QueueListProps {
  readonly deploymentId: string
  readonly chatId: string
  readonly queue: readonly ChatQueuedMessage[]
  /** The one that is written anew below. */
  readonly editedId: number | undefined
  readonly onEdit: (message: ChatQueuedMessage) => void
}

/** What waits for its turn, in order. */
export function QueueList({ queue, ...rest }: QueueListProps) {
  if (queue.length === 0) return null
  return (
    <ul aria-label="Queue" className="max-h-36 overflow-auto">
      {queue.map((message) => (
        <QueueLine key={message.id} message={message} {...rest} />
      ))}
    </ul>
  )
}

interface QueueLineProps extends Omit<QueueListProps, 'queue'> {
  readonly message: ChatQueuedMessage
}

function QueueLine({ deploymentId, chatId, message, editedId, onEdit }: QueueLineProps) {
  const { client } = useApi()
  const [busy, setBusy] = useState<'promote' | 'delete'>()
  const text = queuedText(message)
  const run = (what: 'promote' | 'delete', title: string): void => {
    setBusy(what)
    client
      .call(what === 'promote' ? 'chats.promoteQueued' : 'chats.deleteQueued', {
        deploymentId,
        chatId,
        queuedId: message.id,
      })
      .catch((error: unknown) => toast({ tone: 'bad', title, detail: errorWords(error).message }))
      .finally(() => setBusy(undefined))
  }
  return (
    <li className="flex items-center gap-1 border-b border-line py-1 pr-1.5 pl-3 text-sm text-fg-2">
      <ListIcon className="mr-1 size-3.5 text-fg-3" />
      <span className="cut flex-1" title={text}>
        {message.id === editedId ? 'Editing: ' : 'Queued: '}
        {text}
      </span>
      <Button
        size="sm"
        variant="ghost"
        loading={busy === 'promote'}
        onClick={() => run('promote', 'The message stays in the queue')}
      >
        Send now
      </Button>
      <IconButton label="Edit" size="sm" icon={<PencilIcon />} onClick={() => onEdit(message)} />
      <IconButton
        label="Remove from the queue"
        size="sm"
        icon={<XIcon />}
        loading={busy === 'delete'}
        onClick={() => run('delete', 'The message stays in the queue')}
      />
    </li>
  )
}

function queuedText({ content }: ChatQueuedMessage): string {
  const text = content.map((part) => (part.type === 'text' ? (part.text ?? '') : '')).join(' ')
  const files = content.filter(({ type }) => type === 'file').length
  return plainText(text.replaceAll(/\s+/g, ' ').trim(), 300) || (files === 1 ? '1 file' : `${files} files`)
}
