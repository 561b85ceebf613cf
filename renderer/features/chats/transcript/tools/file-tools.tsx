import { IconButton } from '../../../../ui/icon-button.tsx'
import { CodeXmlIcon, FilePlusIcon, MaximizeIcon, PencilIcon, UploadIcon } from '../../../../ui/icons.tsx'
import { useShownModes } from '../../../own-agents/index.ts'
import { ChangeCount } from '../code-lines.tsx'
import { DiffLines } from '../diff-line.tsx'
import { oneLine } from '../hostile-text.ts'
import { FoldedLines, maxShownLines } from '../long-text.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { countChanges, newFileLines, type DiffLine } from '../unified-diff.ts'
import { changedFiles, type ChangedFile } from './changed-files.ts'
import { FailureBody } from './failure-body.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, doing, failureOf, fileName } from './tool-words.ts'

const fewLines = 12

/** `write_file`: the new text. */
export function WriteFile({ call }: ToolProps) {
  const path = argument(call, 'path') ?? ''
  const lines = newFileLines(textField(call.args, 'content') ?? '', maxShownLines)
  return (
    <FileCard
      call={call}
      path={path}
      lines={lines}
      icon={<FilePlusIcon />}
      meta={call.state === 'preparing' ? `${call.argsLength} characters` : undefined}
    />
  )
}

/** `edit_files`: what changed in each file. */
export function EditFiles({ call }: ToolProps) {
  const files = changedFiles(call, maxShownLines)
  if (files.length === 0) {
    return (
      <ToolCard icon={<PencilIcon />} title="Edit files" meta={<CallState call={call} />}>
        <FailureBody text={failureOf(call)} />
      </ToolCard>
    )
  }
  return (
    <div className="flex flex-col gap-[7px]">
      {files.map((file, index) => (
        <FileCard
          key={index}
          call={call}
          path={file.path}
          lines={file.lines}
          diff={file.diff}
          icon={<PencilIcon />}
          hidesFailure={index < files.length - 1}
        />
      ))}
    </div>
  )
}

interface FileCardProps extends Pick<ChangedFile, 'path' | 'lines'> {
  readonly call: ToolCall
  readonly icon: React.ReactNode
  readonly diff?: string | undefined
  readonly meta?: string | undefined
  readonly hidesFailure?: boolean | undefined
}

function FileCard({ call, path, lines, icon, diff, meta, hidesFailure = false }: FileCardProps) {
  const { changes } = useShownModes()
  const shown = withoutFirstHunk(lines)
  const body = () => (
    <CardBody>
      <FoldedLines name={path} lines={shown} few={fewLines} startsWhole={changes === 'always_expanded'}>
        {(some) => <DiffLines lines={some} plain={isProse(path)} />}
      </FoldedLines>
    </CardBody>
  )
  const isFolded = changes === 'always_collapsed'
  return (
    <ToolCard
      icon={icon}
      title={<Mono>{path === '' ? 'A file' : oneLine(path)}</Mono>}
      meta={
        <>
          {meta === undefined ? null : <span>{meta}</span>}
          {call.state === 'done' ? null : <CallState call={call} />}
          <ChangeCount {...countChanges(lines)} />
        </>
      }
      actions={
        <FileActions
          path={path}
          hasDiff={diff !== undefined}
          line={lines.find(({ after }) => after !== undefined)?.after}
        />
      }
      name={path}
      more={shown.length > 0 && isFolded ? body : undefined}
    >
      {shown.length === 0 || isFolded ? null : body()}
      {hidesFailure ? null : <FailureBody text={failureOf(call)} />}
    </ToolCard>
  )
}

/** The numbers of the lines say where the only hunk is. */
function withoutFirstHunk(lines: readonly DiffLine[]): readonly DiffLine[] {
  return lines.filter(({ kind }) => kind === 'hunk').length === 1
    ? lines.filter(({ kind }) => kind !== 'hunk')
    : lines
}

function isProse(path: string): boolean {
  return /\.(?:md|markdown|txt|rst|log|csv)$/i.test(fileName(path))
}

interface FileActionsProps {
  readonly path: string
  readonly hasDiff: boolean
  readonly line: number | undefined
}

function FileActions({ path, hasDiff, line }: FileActionsProps) {
  const { onOpenDiff, onOpenFile } = useActions()
  return (
    <>
      {onOpenDiff && hasDiff ? (
        <IconButton
          size="sm"
          label="Open the diff"
          icon={<MaximizeIcon />}
          onClick={() => onOpenDiff(path)}
        />
      ) : null}
      {onOpenFile && path !== '' ? (
        <IconButton
          size="sm"
          label="Open the file"
          icon={<CodeXmlIcon />}
          onClick={() => onOpenFile(path, line)}
        />
      ) : null}
    </>
  )
}

/** `attach_file`: a file of the workspace that the chat keeps. */
export function AttachFile({ call }: ToolProps) {
  const path = argument(call, 'path') ?? ''
  return (
    <ToolCard
      icon={<UploadIcon />}
      title={
        <>
          {doing(call, 'Attaching', 'Attached')}{' '}
          <Mono quiet>{oneLine(textField(call.result, 'name') ?? fileName(path))}</Mono>
        </>
      }
      meta={<CallState call={call} />}
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}
