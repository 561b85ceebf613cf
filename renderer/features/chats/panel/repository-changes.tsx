import { useState } from 'react'
import type { GitRepository } from '#bridge/contract/chats-git'
import { useApi } from '../../../api/api-context.tsx'
import { errorWords } from '../../../api/error-words.ts'
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx'
import { GitBranchIcon } from '../../../ui/icons.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { toast } from '../../../ui/toast-store.ts'
import { ChangeCount } from '../transcript/code-lines.tsx'
import { oneLine } from '../transcript/hostile-text.ts'
import { useCopyText } from '../use-copy-text.ts'
import { addRemark } from './add-remark.ts'
import { ChangedFileRow } from './changed-file-row.tsx'
import { ChangeTreeView } from './change-tree-view.tsx'
import { changedFiles, type ChangedFile } from './changed-files.ts'
import type { DiffLayout } from './diff-view.tsx'
import type { PanelContext } from './panel-slots.ts'
import { findChange, useChangeToShow } from './shown-change.ts'

export interface RepositoryChangesProps {
  readonly context: PanelContext
  readonly layout: DiffLayout
  /** The files by their folders, beside what changed in them. */
  readonly hasTree: boolean
  readonly repository: GitRepository
  /** Whether its files can be staged and discarded here. */
  readonly canAct: boolean
}

/** What changed in a repository, file by file. */
export function RepositoryChanges({ context, layout, hasTree, repository, canAct }: RepositoryChangesProps) {
  /** Chosen in the tree; a new one each time. */
  const [chosen, setChosen] = useState<{ readonly path: string }>()
  const [discarding, setDiscarding] = useState<ChangedFile>()
  const { files, leftOut } = changedFiles(repository.unified_diff ?? '')
  const { copy, act, menuOf } = useFileActions({ context, repository, canAct, onDiscard: setDiscarding })
  const asked = useChangeToShow(context.chat.id)
  const paths = files.map(({ path }) => path)
  // One that changes again later is not what was chosen: whoever reads on is not taken there.
  if (chosen !== undefined && !paths.includes(chosen.path)) setChosen(undefined)
  const askedPath = asked && findChange(paths, repository.repo_root, asked.path)
  return (
    <section aria-label={oneLine(repository.repo_root)} className="@container">
      <RepositoryHead repository={repository} files={files} onCopy={copy} />
      <div className={hasTree ? '@2xl:grid @2xl:grid-cols-[minmax(180px,30%)_minmax(0,1fr)]' : undefined}>
        {hasTree ? (
          <div className="max-h-64 overflow-y-auto border-b border-line @2xl:sticky @2xl:top-0 @2xl:max-h-[70vh] @2xl:self-start @2xl:border-b-0">
            <ChangeTreeView files={files} onShow={(path) => setChosen({ path })} />
          </div>
        ) : null}
        <div className={hasTree ? 'min-w-0 @2xl:border-l @2xl:border-line' : undefined}>
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
              asked={file.path === askedPath ? asked : file.path === chosen?.path ? chosen : undefined}
              layout={layout}
              menu={menuOf(file)}
              onComment={
                context.isMine ? (line, text) => addRemark(context, file.path, line, text) : undefined
              }
            />
          ))}
          {leftOut > 0 ? (
            <p className="px-3 py-2 text-fg-3">{leftOut.toLocaleString()} more files changed.</p>
          ) : null}
        </div>
      </div>
      <DiscardDialog file={discarding} onClose={() => setDiscarding(undefined)} onDiscard={act} />
    </section>
  )
}

interface FileActionsInput extends Pick<RepositoryChangesProps, 'context' | 'repository' | 'canAct'> {
  readonly onDiscard: (file: ChangedFile) => void
}

function useFileActions({ context, repository, canAct, onDiscard }: FileActionsInput) {
  const { client } = useApi()
  const copy = useCopyText()
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
  const menuOf = (file: ChangedFile): MenuItem[] => [
    { label: 'Copy path', onSelect: () => copy(file.path) },
    ...(canAct
      ? ([
          { label: 'Stage', onSelect: () => actOrSay(file.path, 'stage') },
          { label: 'Unstage', onSelect: () => actOrSay(file.path, 'unstage') },
          { kind: 'separator' },
          { label: 'Discard changes…', danger: true, onSelect: () => onDiscard(file) },
        ] as const)
      : []),
  ]
  return { act, copy, menuOf }
}

interface RepositoryHeadProps {
  readonly repository: GitRepository
  readonly files: readonly ChangedFile[]
  readonly onCopy: (text: string) => void
}

function RepositoryHead({ repository, files, onCopy }: RepositoryHeadProps) {
  const sum = (of: 'added' | 'removed'): number => files.reduce((total, file) => total + file[of], 0)
  return (
    <h2
      className="flex h-9 items-center gap-2 border-b border-line px-3"
      title={oneLine(repository.repo_root)}
    >
      <GitBranchIcon className="flex-none text-fg-3" />
      <button
        type="button"
        className="cut code-text hover:underline"
        title="Copy the branch's name"
        onClick={() => onCopy(repository.branch)}
      >
        {repository.branch === '' ? 'no branch' : oneLine(repository.branch)}
      </button>
      <span className="num ml-auto">
        <ChangeCount added={sum('added')} removed={sum('removed')} />
      </span>
    </h2>
  )
}

interface DiscardDialogProps {
  readonly file: ChangedFile | undefined
  readonly onClose: () => void
  readonly onDiscard: (path: string, action: 'discard') => Promise<unknown>
}

function DiscardDialog({ file, onClose, onDiscard }: DiscardDialogProps) {
  return (
    <ConfirmDialog
      open={file !== undefined}
      onOpenChange={onClose}
      title={`Discard the changes to ${file === undefined ? 'this file' : oneLine(file.path)}?`}
      description={
        file?.kind === 'new'
          ? 'The file is removed. It is in no commit, so it cannot be brought back.'
          : 'The file goes back to the last commit. What was changed since cannot be brought back.'
      }
      confirmLabel="Discard"
      danger
      onConfirm={async () => {
        if (file) await onDiscard(file.path, 'discard')
      }}
    />
  )
}
