import { useEffect, useState } from 'react'
import type { GitRepository } from '#bridge/contract/chats-git'
import { useApi } from '../../../api/api-context.tsx'
import { hasCode } from '../../../api/bridge-error.ts'
import { errorWords } from '../../../api/error-words.ts'
import { useRead } from '../../../api/use-call.ts'
import { useSubscription } from '../../../api/use-subscription.ts'
import { createKept, useKept } from '../../../lib/kept-state.ts'
import { Button } from '../../../ui/button.tsx'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ErrorState } from '../../../ui/error-state.tsx'
import { GitBranchIcon } from '../../../ui/icons.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { toast } from '../../../ui/toast-store.ts'
import { oneLine } from '../transcript/hostile-text.ts'
import { ChangeCount } from '../transcript/code-lines.tsx'
import { ChangedFileRow } from './changed-file-row.tsx'
import { changedFiles, type ChangedFile } from './changed-files.ts'
import type { DiffLayout } from './diff-view.tsx'
import type { PanelContext } from './panel-slots.ts'
import { endShowChange, findChange, useChangeToShow } from './shown-change.ts'

type Source = 'working' | 'branch'
const layouts = createKept<DiffLayout>('chats.diff-layout', 'unified', (stored) =>
  stored === 'unified' || stored === 'split' ? stored : undefined,
)

/** What the agent changed: in the workspace, live, and on its branch. */
export function ChangesPanel(context: PanelContext) {
  const [source, setSource] = useState<Source>('working')
  const asked = useChangeToShow(context.chat.id)
  // What a tool changed is in the workspace.
  if (asked !== undefined && source !== 'working') setSource('working')
  const layout = useKept(layouts)
  const url = context.chat.diff_status?.url
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        {url === undefined ? null : (
          <Segmented
            aria-label="Which changes"
            options={[
              { value: 'working', label: 'Not committed' },
              { value: 'branch', label: 'Branch' },
            ]}
            value={source}
            onChange={setSource}
          />
        )}
        <span className="ml-auto">
          <Segmented
            aria-label="How changes are shown"
            options={[
              { value: 'unified', label: 'Unified' },
              { value: 'split', label: 'Split' },
            ]}
            value={layout}
            onChange={layouts.set}
          />
        </span>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto">
        {source === 'branch' ? (
          <BranchChanges context={context} layout={layout} />
        ) : (
          <WorkingChanges context={context} layout={layout} />
        )}
      </div>
    </div>
  )
}

interface ChangesProps {
  readonly context: PanelContext
  readonly layout: DiffLayout
}

function WorkingChanges({ context, layout }: ChangesProps) {
  const { deployment, chat } = context
  const live = useSubscription('chats.watchGit', { deploymentId: deployment.id, chatId: chat.id })
  const asked = useChangeToShow(chat.id)
  useEffect(() => {
    // The rows below have done what they do for it before this.
    if (asked !== undefined && (live.data !== undefined || live.error)) endShowChange()
  }, [asked, live.data, live.error])
  if (live.error && live.data === undefined) {
    const { message, detail } = errorWords(live.error)
    if (
      hasCode<'chats.watchGit'>(live.error, 'no_workspace') ||
      hasCode<'chats.watchGit'>(live.error, 'unsupported')
    ) {
      return (
        <EmptyState icon={<GitBranchIcon />} title="No changes to show">
          {message}
        </EmptyState>
      )
    }
    return (
      <div className="p-3">
        <ErrorState
          title="The changes cannot be read"
          details={detail}
          actions={<Button onClick={live.retry}>Try again</Button>}
        >
          {message}
        </ErrorState>
      </div>
    )
  }
  if (live.data === undefined) return <SkeletonRows rows={4} label="Looking for changes" />
  const changed = live.data.repositories.filter(({ unified_diff: diff = '' }) => diff !== '')
  return (
    <>
      {live.data.problem === undefined ? null : (
        <Notice tone="warn" className="m-3">
          {live.data.problem}
        </Notice>
      )}
      {changed.length === 0 ? (
        <EmptyState icon={<GitBranchIcon />} title="Nothing has changed">
          {live.data.repositories.length === 0
            ? 'There is no Git repository in this workspace yet. Changes to files in one appear here as they are made.'
            : 'Everything is committed. Changes appear here as the agent makes them.'}
        </EmptyState>
      ) : (
        changed.map((repository) => (
          <Repository
            key={repository.repo_root}
            context={context}
            layout={layout}
            repository={repository}
            canAct={context.isMine}
          />
        ))
      )}
    </>
  )
}

function BranchChanges({ context, layout }: ChangesProps) {
  const { deployment, chat } = context
  const read = useRead('chats.diff', { deploymentId: deployment.id, chatId: chat.id })
  if (read.error) {
    const { message, detail } = errorWords(read.error)
    return (
      <div className="p-3">
        <ErrorState
          title="The branch's changes cannot be read"
          details={detail}
          actions={<Button onClick={() => void read.refetch()}>Try again</Button>}
        >
          {message}
        </ErrorState>
      </div>
    )
  }
  if (read.data === undefined) return <SkeletonRows rows={4} label="Reading the branch" />
  const { diff = '', branch = '', remote_origin: origin = '' } = read.data
  if (diff === '') {
    return (
      <EmptyState icon={<GitBranchIcon />} title="The branch shows no changes">
        Either nothing was pushed, or the deployment may not read the repository for you.
      </EmptyState>
    )
  }
  return (
    <Repository
      context={context}
      layout={layout}
      repository={{ repo_root: origin, branch, unified_diff: diff }}
      canAct={false}
    />
  )
}

interface RepositoryProps extends ChangesProps {
  readonly repository: GitRepository
  readonly canAct: boolean
}

function Repository({ context, layout, repository, canAct }: RepositoryProps) {
  const { client } = useApi()
  const [discarding, setDiscarding] = useState<ChangedFile>()
  const { files, leftOut } = changedFiles(repository.unified_diff ?? '')
  const asked = useChangeToShow(context.chat.id)
  const askedPath =
    asked &&
    findChange(
      files.map(({ path }) => path),
      repository.repo_root,
      asked.path,
    )
  const root = oneLine(repository.repo_root)
  const sum = (of: 'added' | 'removed'): number => files.reduce((total, file) => total + file[of], 0)
  const act = (path: string, action: 'stage' | 'unstage' | 'discard'): Promise<unknown> =>
    client.call('chats.gitAction', {
      deploymentId: context.deployment.id,
      chatId: context.chat.id,
      action: { repo_root: repository.repo_root, path, action },
    })
  const actOrSay = (path: string, action: 'stage' | 'unstage'): void => {
    act(path, action).then(
      () => toast({ tone: 'ok', title: `${oneLine(path)} is ${action === 'stage' ? '' : 'not '}staged` }),
      (error: unknown) =>
        toast({ tone: 'bad', title: `${oneLine(path)} stays as it is`, detail: errorWords(error).message }),
    )
  }
  const copy = (text: string): void => {
    client.call('app.copyText', { text }).catch((error: unknown) => {
      toast({ tone: 'bad', title: 'Not copied', detail: errorWords(error).message })
    })
  }
  const menuOf = (file: ChangedFile): MenuItem[] => [
    { label: 'Copy path', onSelect: () => copy(file.path) },
    ...(canAct
      ? ([
          { label: 'Stage', onSelect: () => actOrSay(file.path, 'stage') },
          { label: 'Unstage', onSelect: () => actOrSay(file.path, 'unstage') },
          { kind: 'separator' },
          { label: 'Discard changes…', danger: true, onSelect: () => setDiscarding(file) },
        ] as const)
      : []),
  ]
  return (
    <section aria-label={root}>
      <h2 className="flex h-9 items-center gap-2 border-b border-line px-3" title={root}>
        <GitBranchIcon className="flex-none text-fg-3" />
        <button
          type="button"
          className="cut code-text hover:underline"
          title="Copy the branch's name"
          onClick={() => copy(repository.branch)}
        >
          {repository.branch === '' ? 'no branch' : oneLine(repository.branch)}
        </button>
        <span className="num ml-auto">
          <ChangeCount added={sum('added')} removed={sum('removed')} />
        </span>
      </h2>
      {files.map((file) => (
        <ChangedFileRow
          key={file.path}
          file={file}
          place={{
            deploymentId: context.deployment.id,
            chatId: context.chat.id,
            repository: repository.repo_root,
            path: file.path,
          }}
          asked={file.path === askedPath ? asked : undefined}
          layout={layout}
          menu={menuOf(file)}
          onComment={
            context.isMine
              ? (line, text) => {
                  const number = Math.max(1, line.after ?? line.before ?? 1)
                  context.addReference(
                    { fileName: file.path, startLine: number, endLine: number, content: line.text },
                    text,
                  )
                }
              : undefined
          }
        />
      ))}
      {leftOut > 0 ? (
        <p className="px-3 py-2 text-fg-3">{leftOut.toLocaleString()} more files changed.</p>
      ) : null}
      <ConfirmDialog
        open={discarding !== undefined}
        onOpenChange={() => setDiscarding(undefined)}
        title={`Discard the changes to ${discarding === undefined ? 'this file' : oneLine(discarding.path)}?`}
        description={
          discarding?.kind === 'new'
            ? 'The file is removed. It is in no commit, so it cannot be brought back.'
            : 'The file goes back to the last commit. What was changed since cannot be brought back.'
        }
        confirmLabel="Discard"
        danger
        onConfirm={async () => {
          if (discarding) await act(discarding.path, 'discard')
        }}
      />
    </section>
  )
}
