import type { GitRepository } from '#bridge/contract/chats-git'
import { oneLine } from '../transcript/hostile-text.ts'
import { addRemark } from './add-remark.ts'
import { changedFiles } from './changed-files.ts'
import { LooseComment } from './diff-view.tsx'
import { FileComment } from './file-comment.tsx'
import { placeKey, useLineComments } from './line-comment-store.ts'
import type { PanelContext } from './panel-slots.ts'

export interface LostCommentsProps {
  readonly context: PanelContext
  /** What shows, with the remarks about its files. */
  readonly repositories: readonly Pick<GitRepository, 'repo_root' | 'unified_diff'>[]
}

/**
 * What is written about files that are not among the changes: an agent commits them meanwhile, or they are those of the
 * workspace where those of the branch show.
 */
export function LostComments({ context, repositories }: LostCommentsProps) {
  const ids = { deploymentId: context.deployment.id, chatId: context.chat.id }
  const all = useLineComments(ids.deploymentId, ids.chatId)
  // Whoever may not write sees no remarks at files either.
  if (all.length === 0 || !context.isMine) return null
  const shown = new Set(
    repositories.flatMap(({ repo_root: repository, unified_diff: diff = '' }) =>
      changedFiles(diff).files.map(({ path }) => placeKey({ ...ids, repository, path })),
    ),
  )
  const lost = all.filter(({ place }) => !shown.has(placeKey(place)))
  if (lost.length === 0) return null
  return (
    <section aria-label="Remarks about files that are not shown">
      {lost.map((written) => {
        const { place, draft } = written
        const name = oneLine(place.path)
        return (
          <div key={placeKey(place)} className="border-b border-line code-text">
            <p className="cut px-3 py-2 text-fg-3" title={name}>
              {name}
            </p>
            <LooseComment
              line={draft.line}
              form={
                <FileComment
                  written={written}
                  onAdd={(line, text) => addRemark(context, place.path, line, text)}
                />
              }
            />
          </div>
        )
      })}
    </section>
  )
}
