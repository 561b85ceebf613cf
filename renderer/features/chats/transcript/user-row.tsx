import type { ChatMessagePart } from '#bridge/contract/chats-messages'
import { classNames } from '../../../lib/class-names.ts'
import { TextButton } from '../../../ui/button.tsx'
import { CopyButton } from '../../../ui/code.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { CodeXmlIcon, PencilIcon } from '../../../ui/icons.tsx'
import { oneLine, showUnseen } from './hostile-text.ts'
import { firstLines, maxShownLines } from './long-text.tsx'
import { ChatFile } from './picture.tsx'
import { useRowState } from './row-memory.tsx'
import { useActions } from './transcript-actions.ts'
import { messageText, type RowOf } from './transcript-rows.ts'
import { fileName } from './tools/tool-words.ts'

const fewLines = 20

/** What the user wrote, at the right, with what came along. */
export function UserRow({ row: { message } }: { readonly row: RowOf<'user'> }) {
  const { onEdit } = useActions()
  const [isWhole, setWhole] = useRowState('whole', false)
  const text = messageText(message)
  const { lines, more } = firstLines(text, isWhole ? maxShownLines : fewLines)
  const parts = (message.content ?? []).filter(({ type }) => type === 'file' || type === 'file-reference')
  return (
    <div className="group flex items-end justify-end gap-1">
      <div className="flex flex-none opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <CopyButton text={text} label="Copy the message" />
        {onEdit ? (
          <IconButton
            size="sm"
            label="Edit the message"
            icon={<PencilIcon />}
            onClick={() => onEdit(message)}
          />
        ) : null}
      </div>
      <div className="flex max-w-[86%] min-w-0 flex-col items-end gap-1.5">
        {parts.length === 0 ? null : (
          <div className="flex max-w-full flex-wrap items-end justify-end gap-1.5">
            {parts.map((part, index) => (
              <AttachedPart key={index} part={part} />
            ))}
          </div>
        )}
        {text === '' ? null : (
          <div className="max-w-full rounded-lg bg-idle-bg px-3 py-2 hc-edge">
            <div className="break-words whitespace-pre-wrap copyable">{showUnseen(lines.join('\n'))}</div>
            {more > 0 || isWhole ? (
              <TextButton className="mt-1 text-sm" onClick={() => setWhole(!isWhole)}>
                {isWhole ? 'Show less' : `Show ${more} more lines`}
              </TextButton>
            ) : null}
          </div>
        )}
      </div>
    </div>
  )
}

function AttachedPart({ part }: { readonly part: ChatMessagePart }) {
  if (part.type === 'file-reference') return <FileReference part={part} />
  return (
    <ChatFile
      fileId={part.file_id ?? undefined}
      name={part.name ?? 'File'}
      mediaType={part.media_type}
      data={part.data}
    />
  )
}

/** Lines of a file that a message is about. */
function FileReference({ part }: { readonly part: ChatMessagePart }) {
  const { onOpenFile } = useActions()
  const path = part.file_name ?? ''
  const [from, to] = [part.start_line ?? 0, part.end_line ?? 0]
  const range = from === 0 ? '' : to > from ? `:${from}-${to}` : `:${from}`
  return (
    <button
      type="button"
      title={showUnseen(path)}
      disabled={!onOpenFile}
      className={classNames(
        'inline-flex h-6 max-w-full min-w-0 items-center gap-1.5 rounded-sm bg-card px-2 text-sm ring-1 ring-line-strong ring-inset [&>.lucide]:size-3 [&>.lucide]:text-fg-2',
        onOpenFile && 'hover:ring-line-ui',
      )}
      onClick={() => onOpenFile?.(path, from === 0 ? undefined : from)}
    >
      <CodeXmlIcon />
      <span className="cut">
        {oneLine(fileName(path), 120)}
        {range}
      </span>
    </button>
  )
}
