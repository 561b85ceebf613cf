import { useMemo } from 'react'
import { TextButton } from '../../../../ui/button.tsx'
import { GitBranchIcon, PencilIcon } from '../../../../ui/icons.tsx'
import { changedFiles, type ChangedFile } from '../../panel/changed-files.ts'
import { ChangeCount } from '../code-lines.tsx'
import { DiffLines } from '../diff-line.tsx'
import { oneLine } from '../hostile-text.ts'
import { FoldedLines, maxShownLines } from '../long-text.tsx'
import { CallState, CardBody, Mono, ToolCard } from '../tool-card.tsx'
import { fieldsOf, isSet, listField, numberField, textField } from '../tool-fields.ts'
import { useActions } from '../transcript-actions.ts'
import type { ToolCall } from '../transcript-rows.ts'
import { parseDiff } from '../unified-diff.ts'
import { FailureBody } from './failure-body.tsx'
import { FoundRows } from './found-rows.tsx'
import { cutAnswer, GitPlace, isTold } from './git-answer.tsx'
import type { ToolProps } from './tool-kind.ts'
import { argument, counted, doing, failureOf } from './tool-words.ts'

/** More than the tool answers of each. */
const mostFiles = 500
const fewLines = 12
/** Of a diff, before somebody asks for more: each has lines of its own. */
const fewFiles = 20

/** `git_status`: what is checked out, and what differs from its last commit. */
export function GitStatus({ call }: ToolProps) {
  const branch = textField(call.result, 'branch')
  const groups = groupsOf(call)
  const files = groups.reduce((sum, { paths }) => sum + paths.length, 0)
  return (
    <ToolCard
      icon={<GitBranchIcon />}
      title={
        <>
          {doing(call, 'Asking git for the changed files of', 'Changed files of')} <GitPlace call={call} />
          {branch === undefined ? null : (
            <>
              {' '}
              on <Mono quiet>{branch === '' ? 'no branch' : oneLine(branch, 120)}</Mono>
            </>
          )}
        </>
      }
      meta={
        <>
          <Distance call={call} />
          {isTold(call) ? <span>{files === 0 ? 'nothing changed' : counted(files, 'file')}</span> : null}
          <CallState call={call} />
        </>
      }
      more={
        files === 0
          ? cutAnswer(call)
          : () => (
              <FoundRows left={isSet(call.result, 'truncated') ? 'There are more.' : undefined}>
                {groups.map(({ name, paths }) => (
                  <FileGroup
                    key={name}
                    name={name}
                    paths={paths}
                    root={textField(call.result, 'repo_root')}
                  />
                ))}
              </FoundRows>
            )
      }
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

interface FileGroupProps {
  readonly name: string
  readonly paths: readonly string[]
}

function groupsOf({ result }: ToolCall): readonly FileGroupProps[] {
  const group = (name: string, field: string): FileGroupProps => ({
    name,
    paths: listField(result, field)
      .filter((path) => typeof path === 'string')
      .slice(0, mostFiles),
  })
  return [
    group('In conflict', 'conflicted'),
    group('Staged', 'staged'),
    group('Not staged', 'unstaged'),
    group('New', 'untracked'),
  ]
}

function FileGroup({ name, paths, root }: FileGroupProps & { readonly root: string | undefined }) {
  if (paths.length === 0) return null
  return (
    <div className="py-0.5">
      <div className="px-2.5 text-sm text-fg-3">{name}</div>
      {paths.map((path, index) => (
        <div key={index} className="flex h-6 items-center px-2.5">
          <PathButton root={root} path={path} />
        </div>
      ))}
    </div>
  )
}

function PathButton({ root, path }: { readonly root: string | undefined; readonly path: string }) {
  const { onOpenFile } = useActions()
  const shown = oneLine(path)
  if (!onOpenFile || root === undefined) return <span className="cut code-text">{shown}</span>
  return (
    <TextButton className="cut code-text" onClick={() => onOpenFile(`${root}/${path}`)}>
      {shown}
    </TextButton>
  )
}

function Distance({ call }: ToolProps) {
  const base = fieldsOf(call.result)['base']
  const revision = textField(base, 'revision')
  if (revision === undefined) return null
  const [ahead = 0, behind = 0] = [numberField(base, 'ahead'), numberField(base, 'behind')]
  const words = [...(ahead > 0 ? [`${ahead} ahead`] : []), ...(behind > 0 ? [`${behind} behind`] : [])]
  return (
    <span>{`${words.length === 0 ? 'even with' : `${words.join(', ')} of`} ${oneLine(revision, 80)}`}</span>
  )
}

/** `git_diff`: what differs, file by file. */
export function GitDiff({ call }: ToolProps) {
  const diff = textField(call.result, 'diff') ?? ''
  const { files, leftOut } = useMemo(() => changedFiles(diff), [diff])
  const from = argument(call, 'from')
  const to = argument(call, 'to')
  const count = numberField(call.result, 'changed_files')
  const [added, removed] = [numberField(call.result, 'additions'), numberField(call.result, 'deletions')]
  return (
    <ToolCard
      icon={<PencilIcon />}
      title={
        <>
          {doing(call, 'Comparing', 'Compared')} <GitPlace call={call} />
          {from === undefined && to === undefined ? ' with the last commit' : null}
          {from === undefined ? null : (
            <>
              {' '}
              with <Mono quiet>{oneLine(from, 120)}</Mono>
            </>
          )}
          {to === undefined ? null : (
            <>
              {' '}
              as of <Mono quiet>{oneLine(to, 120)}</Mono>
            </>
          )}
        </>
      }
      meta={
        <>
          {count === undefined ? null : <span>{count === 0 ? 'no difference' : counted(count, 'file')}</span>}
          {added === undefined || removed === undefined ? null : (
            <ChangeCount added={added} removed={removed} />
          )}
          <CallState call={call} />
        </>
      }
      more={files.length === 0 ? cutAnswer(call) : () => <DiffFiles files={files} leftOut={leftOut} />}
    >
      <FailureBody text={failureOf(call)} />
    </ToolCard>
  )
}

interface DiffFilesProps {
  readonly files: readonly ChangedFile[]
  /** So many more are in the diff. */
  readonly leftOut: number
}

function DiffFiles({ files, leftOut }: DiffFilesProps) {
  return (
    <CardBody>
      <FoldedLines name="all files" unit="files" lines={files} few={fewFiles} left={leftOut}>
        {(some) =>
          some.map((file, index) => (
            <section key={index} aria-label={oneLine(file.path)}>
              <div className="flex items-center gap-2 bg-sunken px-2.5 py-1">
                <span className="cut flex-1 code-text">{oneLine(file.path)}</span>
                <ChangeCount added={file.added} removed={file.removed} />
              </div>
              <DiffOfFile file={file} />
            </section>
          ))
        }
      </FoldedLines>
    </CardBody>
  )
}

function DiffOfFile({ file }: { readonly file: ChangedFile }) {
  const lines = parseDiff(file.diff, maxShownLines)
  if (lines.length > 0)
    return (
      <FoldedLines name={file.path} lines={lines} few={fewLines}>
        {(some) => <DiffLines lines={some} plain={false} />}
      </FoldedLines>
    )
  return (
    <p className="px-2.5 py-1 text-sm text-fg-3">
      {file.isBinary
        ? 'A file that is not text.'
        : 'Its lines are not here: there is too much, or none changed.'}
    </p>
  )
}
