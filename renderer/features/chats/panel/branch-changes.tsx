import type { Chat } from '#bridge/contract/chats'
import type { ChatDiffContents, GitRepository } from '#bridge/contract/chats-git'
import { errorWords } from '../../../api/error-words.ts'
import { useRead } from '../../../api/use-call.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { GitBranchIcon, RefreshCwIcon } from '../../../ui/icons.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { Failure } from '../../ai-models/index.ts'
import { ForgeLink } from '../forge-link.tsx'
import { forgePage, pullRequestState } from '../pull-request.ts'
import { oneLine } from '../transcript/hostile-text.ts'
import { useCopyText } from '../use-copy-text.ts'
import type { DiffLayout } from './diff-view.tsx'
import { LostComments } from './lost-comments.tsx'
import type { PanelContext } from './panel-slots.ts'
import { RepositoryChanges } from './repository-changes.tsx'

/** What the changes of a chat's branch are called; nothing where no branch of it is known. */
export function branchLabel(chat: Pick<Chat, 'diff_status'>): string | undefined {
  if (pullRequestState(chat) !== undefined) return 'Pull request'
  const { url = '', head_branch: branch = '' } = chat.diff_status ?? {}
  return url === '' && branch === '' ? undefined : 'Branch'
}

export interface BranchChangesProps {
  readonly context: PanelContext
  readonly layout: DiffLayout
  readonly hasTree: boolean
}

/** What the branch or pull request of a chat changes, as the deployment reads it when it is asked. */
export function BranchChanges({ context, layout, hasTree }: BranchChangesProps) {
  const { deployment, chat } = context
  const read = useRead('chats.diff', { deploymentId: deployment.id, chatId: chat.id })
  const refresh = (): void => void read.refetch()
  const { remote_origin: origin = '', branch = '', diff } = read.data ?? {}
  const shown: readonly GitRepository[] = diff ? [{ repo_root: origin, branch, unified_diff: diff }] : []
  return (
    <>
      <BranchBar chat={chat} isReading={read.isFetching} onRefresh={refresh} />
      {read.error ? (
        <ReadFailure error={read.error} hasData={read.data !== undefined} onRetry={refresh} />
      ) : null}
      {read.isPending ? <SkeletonRows rows={4} label="Reading the branch" /> : null}
      {read.isPending ? null : <LostComments context={context} repositories={shown} />}
      {shown.map((repository) => (
        <RepositoryChanges
          key={repository.repo_root}
          context={context}
          layout={layout}
          hasTree={hasTree}
          repository={repository}
          canAct={false}
        />
      ))}
      {read.data === undefined || shown.length > 0 ? null : (
        <NoBranchChanges contents={read.data} base={chat.diff_status?.base_branch} />
      )}
    </>
  )
}

interface ReadFailureProps {
  readonly error: unknown
  /** What was read before shows below. */
  readonly hasData: boolean
  readonly onRetry: () => void
}

function ReadFailure({ error, hasData, onRetry }: ReadFailureProps) {
  if (hasData) {
    return (
      <Notice tone="warn" className="m-3">
        These changes are from before. {errorWords(error).message}
      </Notice>
    )
  }
  return (
    <div className="p-3">
      <Failure title="The branch’s changes cannot be read" error={error} onRetry={onRetry} />
    </div>
  )
}

interface BranchBarProps {
  readonly chat: Chat
  readonly isReading: boolean
  readonly onRefresh: () => void
}

function BranchBar({ chat, isReading, onRefresh }: BranchBarProps) {
  const page = forgePage(chat)
  const { pull_request_title: title = '', base_branch: base = '' } = chat.diff_status ?? {}
  return (
    <div className="@container flex h-9 items-center gap-2 border-b border-line pr-2 pl-3">
      <span className="cut flex-1" title={oneLine(title, 300)}>
        {title === '' ? (
          <span className="text-fg-3">
            {base === '' ? 'All commits of the branch' : `All commits since ${oneLine(base, 100)}`}
          </span>
        ) : (
          oneLine(title, 200)
        )}
      </span>
      {page === undefined ? null : <ForgeLink page={page} />}
      <IconButton
        size="sm"
        label="Read the branch again"
        icon={<RefreshCwIcon />}
        loading={isReading}
        onClick={onRefresh}
      />
    </div>
  )
}

interface NoBranchChangesProps {
  readonly contents: ChatDiffContents
  readonly base: string | undefined
}

/** Nothing was changed, or nobody could tell: a deployment that could not read leaves the diff out. */
function NoBranchChanges({ contents: { diff, branch = '' }, base = '' }: NoBranchChangesProps) {
  const copy = useCopyText()
  return (
    <EmptyState
      icon={<GitBranchIcon />}
      title={diff === undefined ? 'The branch cannot be compared' : 'The branch shows no changes'}
      actions={
        branch === '' ? undefined : <Button onClick={() => copy(branch)}>Copy the branch’s name</Button>
      }
    >
      {diff === undefined
        ? 'The deployment did not say what the branch changes. It may not be pushed, the workspace may not run, or you may not be signed in to where the code lies.'
        : base === ''
          ? 'Nothing is committed on it yet.'
          : `Nothing is committed on it that ${oneLine(base, 100)} does not have.`}
    </EmptyState>
  )
}
