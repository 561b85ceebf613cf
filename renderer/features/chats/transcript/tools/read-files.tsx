import { TextButton } from '../../../../ui/button.tsx'
import { FileIcon } from '../../../../ui/icons.tsx'
import { PlainText } from '../long-text.tsx'
import { oneLine } from '../hostile-text.ts'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { numberField, textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { FailureBody } from './failure-body.tsx'
import { argument, failureOf, fileName } from './tool-words.ts'

/** Files that were read one after the other. */
export function ReadFiles({ calls }: { readonly calls: readonly ToolCall[] }) {
  const paths = [...new Set(calls.map((call) => argument(call, 'path') ?? ''))]
  const names = paths.map((path) => oneLine(fileName(path), 80)).join(', ')
  const telling = calls.find(({ state }) => state !== 'done') ?? calls.at(-1)
  const only = calls.length === 1 ? calls[0] : undefined
  const isReading = calls.some(({ state }) => state === 'running' || state === 'preparing')
  const verb = isReading ? 'Reading' : 'Read'
  return (
    <ToolCard
      icon={<FileIcon />}
      title={
        <>
          {paths.length === 1 ? verb : `${verb} ${paths.length} files`} <Mono quiet>{names}</Mono>
        </>
      }
      meta={telling && telling.state !== 'done' ? <CallState call={telling} /> : undefined}
      more={() => (
        <CardBody>
          {calls.map((call) => (
            <ReadFile key={call.id} call={call} isOnly={calls.length === 1} />
          ))}
        </CardBody>
      )}
    >
      {only === undefined ? null : <FailureBody text={failureOf(only)} />}
    </ToolCard>
  )
}

function ReadFile({ call, isOnly }: { readonly call: ToolCall; readonly isOnly: boolean }) {
  const { onOpenFile } = useActions()
  const path = argument(call, 'path') ?? ''
  const first = numberField(call.args, 'offset') ?? 1
  const read = numberField(call.result, 'lines_read')
  const total = numberField(call.result, 'total_lines')
  const content = textField(call.result, 'content')
  return (
    <div className="border-line not-last:border-b">
      <div className="flex h-7 items-center gap-2 px-2.5">
        {onOpenFile ? (
          <TextButton className="cut code-text" onClick={() => onOpenFile(path, first)}>
            {oneLine(path)}
          </TextButton>
        ) : (
          <span className="cut code-text">{oneLine(path)}</span>
        )}
        <span className="num ml-auto flex-none text-sm text-fg-3">{linesWords({ first, read, total })}</span>
      </div>
      {isOnly ? null : <FailureBody text={failureOf(call)} />}
      {isOnly && content !== undefined ? <PlainText text={content} className="border-t border-line" /> : null}
    </div>
  )
}

function linesWords({
  first,
  read,
  total,
}: {
  first: number
  read: number | undefined
  total: number | undefined
}): string {
  if (read === undefined) return ''
  if (total === undefined || read >= total) return read === 1 ? '1 line' : `${read} lines`
  return `Lines ${first} to ${first + read - 1} of ${total}`
}
