import { useState } from 'react'
import { hasCode } from '../../../api/bridge-error.ts'
import { errorWords } from '../../../api/error-words.ts'
import { useSubscription } from '../../../api/use-subscription.ts'
import { booleanOnly, createKept, useKept } from '../../../lib/kept-state.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { FolderTreeIcon, GitBranchIcon } from '../../../ui/icons.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { Segmented } from '../../../ui/segmented.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { Failure } from '../../ai-models/index.ts'
import { BranchChanges, branchLabel } from './branch-changes.tsx'
import type { DiffLayout } from './diff-view.tsx'
import { LostComments } from './lost-comments.tsx'
import type { PanelContext } from './panel-slots.ts'
import { RepositoryChanges } from './repository-changes.tsx'
import { useChangeToShow, useShownOnce } from './shown-change.ts'

type Source = 'working' | 'branch'
const layouts = createKept<DiffLayout>('chats.diff-layout', 'unified', (stored) =>
  stored === 'unified' || stored === 'split' ? stored : undefined,
)

const treeShown = createKept('chats.changes-tree', false, booleanOnly)

/** What the agent changed: in the workspace, live, and on its branch. */
export function ChangesPanel(context: PanelContext) {
  const [source, setSource] = useState<Source>('working')
  const asked = useChangeToShow(context.chat.id)
  // What a tool changed is in the workspace.
  if (asked !== undefined && source !== 'working') setSource('working')
  const layout = useKept(layouts)
  const hasTree = useKept(treeShown)
  const branch = branchLabel(context.chat)
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-none flex-wrap items-center gap-2 border-b border-line px-3 py-2">
        {branch === undefined ? null : (
          <Segmented
            aria-label="Which changes"
            options={[
              { value: 'working', label: 'Not committed' },
              { value: 'branch', label: branch },
            ]}
            value={source}
            onChange={setSource}
          />
        )}
        <span className="ml-auto flex items-center gap-1">
          <IconButton
            label={hasTree ? 'Hide the tree of files' : 'Show the files as a tree'}
            icon={<FolderTreeIcon />}
            pressed={hasTree}
            onClick={() => treeShown.set(!hasTree)}
          />
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
        {source === 'branch' && branch !== undefined ? (
          <BranchChanges context={context} layout={layout} hasTree={hasTree} />
        ) : (
          <WorkingChanges context={context} layout={layout} hasTree={hasTree} />
        )}
      </div>
    </div>
  )
}

interface ChangesProps {
  readonly context: PanelContext
  readonly layout: DiffLayout
  readonly hasTree: boolean
}

function WorkingChanges({ context, layout, hasTree }: ChangesProps) {
  const { deployment, chat } = context
  const live = useSubscription('chats.watchGit', { deploymentId: deployment.id, chatId: chat.id })
  useShownOnce(chat.id, live.data !== undefined || live.error !== undefined)
  if (live.error && live.data === undefined) {
    return (
      <>
        <LostComments context={context} repositories={[]} />
        <WorkingFailure error={live.error} onRetry={live.retry} />
      </>
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
      <LostComments context={context} repositories={changed} />
      {changed.length === 0 ? (
        <EmptyState icon={<GitBranchIcon />} title="Nothing has changed">
          {live.data.repositories.length === 0
            ? 'There is no Git repository in this workspace yet. Changes to files in one appear here as they are made.'
            : 'Everything is committed. Changes appear here as the agent makes them.'}
        </EmptyState>
      ) : (
        changed.map((repository) => (
          <RepositoryChanges
            key={repository.repo_root}
            context={context}
            layout={layout}
            hasTree={hasTree}
            repository={repository}
            canAct={context.isMine}
          />
        ))
      )}
    </>
  )
}

interface WorkingFailureProps {
  readonly error: unknown
  readonly onRetry: () => void
}

function WorkingFailure({ error, onRetry }: WorkingFailureProps) {
  if (hasCode<'chats.watchGit'>(error, 'no_workspace') || hasCode<'chats.watchGit'>(error, 'unsupported')) {
    return (
      <EmptyState icon={<GitBranchIcon />} title="No changes to show">
        {errorWords(error).message}
      </EmptyState>
    )
  }
  return (
    <div className="p-3">
      <Failure title="The changes cannot be read" error={error} onRetry={onRetry} />
    </div>
  )
}
