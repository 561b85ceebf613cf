import { useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Badge } from '../../../ui/badge.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ChevronRightIcon, EllipsisIcon } from '../../../ui/icons.tsx'
import { Menu } from '../../../ui/menu.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { showUnseen } from '../transcript/hostile-text.ts'
import { ChangeCount } from '../transcript/code-lines.tsx'
import type { DiffLine } from '../transcript/unified-diff.ts'
import type { ChangedFile } from './changed-files.ts'
import { DiffView, type DiffLayout } from './diff-view.tsx'
import { LineComment } from './line-comment.tsx'

export interface ChangedFileRowProps {
  readonly file: ChangedFile
  readonly layout: DiffLayout
  readonly menu: readonly MenuItem[]
  readonly onComment: ((line: DiffLine, text: string) => void) | undefined
}

const words = { new: 'New', deleted: 'Deleted', renamed: 'Renamed', changed: undefined } as const
/** A file with more is opened by whoever wants it. */
const openUpTo = 300

/** One changed file: its name and count, and below it what changed. */
export function ChangedFileRow({ file, layout, menu, onComment }: ChangedFileRowProps) {
  const [isOpen, setOpen] = useState(file.added + file.removed <= openUpTo)
  const [line, setLine] = useState<DiffLine>()
  const word = words[file.kind]
  const number = line?.after ?? line?.before
  return (
    <section aria-label={file.path}>
      <h3 className="sticky top-0 z-10 flex h-9 items-center gap-1 border-b border-line bg-page pr-2">
        <button
          type="button"
          aria-expanded={isOpen}
          className="flex h-full min-w-0 flex-1 items-center gap-2 pl-3 text-left hover:bg-hover"
          onClick={() => setOpen(!isOpen)}
        >
          <ChevronRightIcon className={classNames('size-3.5 flex-none text-fg-3', isOpen && 'rotate-90')} />
          <span className="cut code-text font-medium" title={file.path} dir="ltr">
            {file.oldPath === undefined ? null : (
              <span className="text-fg-3">{showUnseen(file.oldPath)} → </span>
            )}
            {showUnseen(file.path)}
          </span>
          {word === undefined ? null : <Badge>{word}</Badge>}
          <span className="num ml-auto pl-2">
            <ChangeCount added={file.added} removed={file.removed} />
          </span>
        </button>
        {menu.length === 0 ? null : (
          <Menu
            align="end"
            items={menu}
            trigger={<IconButton size="sm" label={`Actions for ${file.path}`} icon={<EllipsisIcon />} />}
          />
        )}
      </h3>
      {isOpen ? (
        file.diff === '' ? (
          <p className="px-3 py-2 text-fg-3">
            {file.isBinary ? 'A binary file: its changes cannot be shown.' : 'No line of it changed.'}
          </p>
        ) : (
          <DiffView
            path={file.path}
            diff={file.diff}
            layout={layout}
            onComment={onComment && setLine}
            comment={
              onComment && line
                ? {
                    line,
                    form: (
                      <LineComment
                        about={`line ${number ?? 0} of ${file.path}`}
                        onCancel={() => setLine(undefined)}
                        onAdd={(text) => {
                          onComment(line, text)
                          setLine(undefined)
                        }}
                      />
                    ),
                  }
                : undefined
            }
          />
        )
      ) : null}
    </section>
  )
}
