import { useState } from 'react'
import { classNames } from '../../../lib/class-names.ts'
import { Button } from '../../../ui/button.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { FileIcon, ImageIcon } from '../../../ui/icons.tsx'
import { oneLine } from './hostile-text.ts'
import { LargePicture, type Extent } from './large-picture.tsx'
import { SaveFileButton } from './save-file-button.tsx'
import { TextFile } from './text-file.tsx'
import { useActions, type LoadedFile } from './transcript-actions.ts'
import { isPicture, isText, pictureAddress, useFile } from './use-file.ts'

export interface PictureProps {
  readonly file: LoadedFile
  readonly name: string
  /** The classes of its size, where that is known before it is there: then nothing moves when it comes. */
  readonly shape?: string | undefined
}

/** A picture made of its own bytes; a click shows it large. */
export function Picture({ file, name, shape }: PictureProps) {
  const [isLarge, setLarge] = useState(false)
  // Each time it opens it fits again.
  const [opened, setOpened] = useState(0)
  const [extent, setExtent] = useState<Extent>()
  const [isBroken, setBroken] = useState(false)
  const address = pictureAddress(file)
  const shown = oneLine(name, 120)
  if (address === undefined || isBroken) return <FileChip name={name} note="cannot be shown" />
  return (
    <>
      <button
        type="button"
        title={shown}
        aria-label={`Show ${shown} large`}
        className="block max-w-full overflow-hidden rounded-md border border-line-strong bg-sunken"
        onClick={() => {
          setOpened((times) => times + 1)
          setLarge(true)
        }}
      >
        <img
          src={address}
          alt={shown}
          className={classNames('block max-h-60 min-h-10 max-w-full min-w-10 object-contain', shape)}
          onLoad={({ currentTarget: { naturalWidth: width, naturalHeight: height } }) =>
            setExtent({ width, height })
          }
          onError={() => setBroken(true)}
        />
      </button>
      <LargePicture
        key={opened}
        address={address}
        name={shown}
        extent={extent}
        open={isLarge}
        onOpenChange={setLarge}
      />
    </>
  )
}

export interface ChatFileProps {
  readonly fileId: string | undefined
  readonly name: string
  readonly mediaType: string | undefined
  /** The bytes themselves, where they came along. */
  readonly data?: string | undefined
  /** As of a {@link Picture}. */
  readonly shape?: string | undefined
}

/** A file of a chat: a picture, or a name with an icon; and a way to save it. */
export function ChatFile(props: ChatFileProps) {
  return (
    <span className="inline-flex max-w-full min-w-0 items-end gap-1">
      <ShownFile {...props} />
      <SaveFileButton fileId={props.fileId} name={props.name} />
    </span>
  )
}

function ShownFile({ fileId, name, mediaType, data, shape }: ChatFileProps) {
  const isShown = isPicture(mediaType)
  const state = useFile(isShown && data === undefined ? fileId : undefined)
  if (isShown && data !== undefined)
    return <Picture file={{ mediaType: mediaType ?? '', data }} name={name} shape={shape} />
  if (state === undefined) return <NamedFile fileId={fileId} name={name} mediaType={mediaType} data={data} />
  if (state.kind === 'loading') return <Skeleton className={shape ?? 'h-24 w-40'} />
  if (state.kind === 'loaded') return <Picture file={state.file} name={name} shape={shape} />
  return (
    <span className="flex items-center gap-2">
      <FileChip name={name} note={state.message} isPicture />
      <Button size="sm" variant="ghost" onClick={state.retry}>
        Try again
      </Button>
    </span>
  )
}

interface FileChipProps {
  readonly name: string
  readonly note?: string
  readonly isPicture?: boolean
}

/** A file by its name; one that is text shows it on a click. */
function NamedFile({ fileId, name, mediaType, data }: ChatFileProps) {
  const { loadFile } = useActions()
  const canShow =
    isText(mediaType) && (data !== undefined || (fileId !== undefined && loadFile !== undefined))
  if (!canShow) return <FileChip name={name} />
  return (
    <TextFile fileId={fileId} name={name} mediaType={mediaType} data={data}>
      <FileChip name={name} />
    </TextFile>
  )
}

function FileChip({ name, note, isPicture: isOne = false }: FileChipProps) {
  return (
    <span className="inline-flex h-6 max-w-full min-w-0 items-center gap-1.5 rounded-sm bg-card px-2 text-sm ring-1 ring-line-strong ring-inset [&>.lucide]:size-3 [&>.lucide]:text-fg-2">
      {isOne ? <ImageIcon /> : <FileIcon />}
      <span className="cut">{oneLine(name, 120)}</span>
      {note === undefined ? null : <span className="cut text-fg-3">{note}</span>}
    </span>
  )
}
