import { useEffect, useRef, useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Badge } from '../../../ui/badge.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import { ChevronRightIcon, EllipsisIcon } from '../../../ui/icons.tsx'
import { Menu } from '../../../ui/menu.tsx'
import type { MenuItem } from '../../../ui/menu-item.ts'
import { oneLine, showUnseen } from '../transcript/hostile-text.ts'
import { ChangeCount } from '../transcript/code-lines.tsx'
import type { DiffLine } from '../transcript/unified-diff.ts'
import type { ChangedFile } from './changed-files.ts'
import { DiffView, LooseComment, type DiffLayout } from './diff-view.tsx'
import { FileComment } from './file-comment.tsx'
import { useLineComment, type CommentPlace } from './line-comment-store.ts'

export interface ChangedFileRowProps {
  readonly file: ChangedFile
  /** Where remarks about it are written. */
  readonly place: CommentPlace
  readonly layout: DiffLayout
  readonly menu: readonly MenuItem[]
  readonly onComment: ((line: DiffLine, text: string) => void) | undefined
  /** Somebody asked to see it: it is unfolded and brought into sight, once for each time. */
  readonly asked: object | undefined
}

const words = { new: 'New', deleted: 'Deleted', renamed: 'Renamed', changed: undefined } as const
/** A file with more is opened by whoever wants it. */
const openUpTo = 300

/** One changed file: its name and count, and below it what changed. */
export function ChangedFileRow({ file, place, layout, menu, onComment, asked }: ChangedFileRowProps) {
  const { area, isOpen, setOpen } = useUnfolded(file, asked)
  const [draft, setDraft] = useLineComment(place)
  const name = oneLine(file.path)
  const comment =
    onComment && draft
      ? {
          line: draft.line,
          form: <FileComment written={{ place, draft }} onAdd={onComment} />,
        }
      : undefined
  return (
    <section ref={area} aria-label={name}>
      <FileHead file={file} name={name} menu={menu} isOpen={isOpen} onOpen={setOpen} />
      {isOpen && file.diff !== '' ? (
        <DiffView
          path={file.path}
          diff={file.diff}
          layout={layout}
          onComment={onComment && ((line) => setDraft({ line, text: draft?.text ?? '', hasFocus: true }))}
          comment={comment}
        />
      ) : null}
      {isOpen && file.diff === '' ? (
        <>
          <p className="px-3 py-2 text-fg-3">
            {file.isBinary ? 'A binary file: its changes cannot be shown.' : 'No line of it changed.'}
          </p>
          {comment === undefined ? null : <LooseComment {...comment} />}
        </>
      ) : null}
    </section>
  )
}

/** Whether its changes are shown: as long as they are few, by whoever wants them, and when they are asked for. */
function useUnfolded(file: ChangedFile, asked: object | undefined) {
  const [isOpen, setOpen] = useState(file.added + file.removed <= openUpTo)
  const [opened, setOpened] = useState<object>()
  const area = useRef<HTMLElement>(null)
  if (asked !== undefined && asked !== opened) {
    setOpened(asked)
    setOpen(true)
  }
  useEffect(() => {
    if (asked !== undefined) area.current?.scrollIntoView({ block: 'start' })
  }, [asked])
  return { area, isOpen, setOpen }
}

interface FileHeadProps extends Pick<ChangedFileRowProps, 'file' | 'menu'> {
  readonly name: string
  readonly isOpen: boolean
  readonly onOpen: (isOpen: boolean) => void
}

function FileHead({ file, name, menu, isOpen, onOpen }: FileHeadProps) {
  const word = words[file.kind]
  return (
    <h3 className="sticky top-0 z-10 flex h-9 items-center gap-1 border-b border-line bg-page pr-2">
      <button
        type="button"
        aria-expanded={isOpen}
        className="flex h-full min-w-0 flex-1 items-center gap-2 pl-3 text-left hover:bg-hover"
        onClick={() => onOpen(!isOpen)}
      >
        <ChevronRightIcon className={classNames('size-3.5 flex-none text-fg-3', isOpen && 'rotate-90')} />
        <span className="cut code-text font-medium" title={name} dir="ltr">
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
          trigger={<IconButton size="sm" label={`Actions for ${name}`} icon={<EllipsisIcon />} />}
        />
      )}
    </h3>
  )
}
