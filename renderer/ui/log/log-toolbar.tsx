import { CopyButton } from '../code.tsx'
import { IconButton } from '../icon-button.tsx'
import { DownloadIcon, SearchIcon, WrapTextIcon } from '../icons.tsx'

export interface LogToolbarProps {
  readonly searching: boolean
  readonly onSearching: (on: boolean) => void
  readonly wrap: boolean
  readonly onWrap: (on: boolean) => void
  readonly copyText: () => string
  readonly onDownload: (() => void) | undefined
}

/** The small buttons at the right end of a log's header. */
export function LogToolbar({ searching, onSearching, wrap, onWrap, copyText, onDownload }: LogToolbarProps) {
  return (
    <>
      <IconButton
        size="sm"
        label="Search the log"
        keys="Mod+F"
        pressed={searching}
        icon={<SearchIcon />}
        onClick={() => {
          onSearching(!searching)
        }}
      />
      <IconButton
        size="sm"
        label="Wrap lines"
        pressed={wrap}
        icon={<WrapTextIcon />}
        onClick={() => {
          onWrap(!wrap)
        }}
      />
      <CopyButton text={copyText} label="Copy the log" />
      {onDownload ? (
        <IconButton size="sm" label="Save the log" icon={<DownloadIcon />} onClick={onDownload} />
      ) : null}
    </>
  )
}
