import { useEffect, useRef, useState } from 'react'
import { errorWords } from '../../../api/error-words.ts'
import { formatBytes } from '../../../lib/bytes.ts'
import { Button } from '../../../ui/button.tsx'
import { PlayIcon } from '../../../ui/icons.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { oneLine } from './hostile-text.ts'
import { SaveFileButton } from './save-file-button.tsx'
import { useActions, type ReadProgress } from './transcript-actions.ts'
import { pictureAddress, useFile } from './use-file.ts'

type State =
  | { readonly kind: 'rest' }
  | { readonly kind: 'loading'; readonly progress: ReadProgress }
  | { readonly kind: 'playing'; readonly address: string }
  | { readonly kind: 'failed'; readonly message: string }

export interface RecordingProps {
  readonly recordingId: string
  readonly thumbnailId: string | undefined
  /** What it is of. */
  readonly name: string
}

/** A recording of a desktop: a picture of it until somebody wants to see it played. */
export function Recording({ recordingId, thumbnailId, name }: RecordingProps) {
  const { loadRecording } = useActions()
  const { state, play, cancel, fail } = useRecording(recordingId)
  const shown = oneLine(name, 120)
  if (state.kind === 'playing') {
    return (
      <span className="flex min-w-0 items-end gap-1">
        <video
          src={state.address}
          controls
          autoPlay
          muted
          playsInline
          disablePictureInPicture
          disableRemotePlayback
          controlsList="nodownload nofullscreen noremoteplayback"
          aria-label={shown}
          className="block max-h-96 min-w-0 rounded-md border border-line-strong bg-sunken"
          onError={() => fail('The recording is broken, or of a kind that cannot be played.')}
        />
        <SaveFileButton fileId={recordingId} name={name} />
      </span>
    )
  }
  return (
    <div className="flex flex-col items-start gap-2">
      <span className="flex max-w-full min-w-0 items-end gap-1">
        {loadRecording === undefined ? (
          <span className="text-fg-2">{shown}</span>
        ) : state.kind === 'loading' ? (
          <Loading progress={state.progress} onCancel={cancel} />
        ) : (
          <Play thumbnailId={thumbnailId} onPlay={play} />
        )}
        <SaveFileButton fileId={recordingId} name={name} />
      </span>
      {state.kind === 'failed' ? <Notice tone="bad">{state.message}</Notice> : null}
    </div>
  )
}

/** The last picture of it, which plays it; words alone where there is none that can be shown. */
function Play({
  thumbnailId,
  onPlay,
}: {
  readonly thumbnailId: string | undefined
  readonly onPlay: () => void
}) {
  const [isBroken, setBroken] = useState(false)
  const state = useFile(thumbnailId)
  if (state?.kind === 'loading') return <Skeleton className="h-40 w-64" />
  const address = state?.kind === 'loaded' && !isBroken ? pictureAddress(state.file) : undefined
  if (address === undefined) {
    return (
      <Button size="sm" icon={<PlayIcon />} onClick={onPlay}>
        Play the recording
      </Button>
    )
  }
  return (
    <button
      type="button"
      aria-label="Play the recording"
      className="group/play relative block max-w-full overflow-hidden rounded-md border border-line-strong bg-sunken"
      onClick={onPlay}
    >
      <img
        src={address}
        alt=""
        className="block max-h-60 min-h-16 max-w-full min-w-24 object-contain"
        onError={() => setBroken(true)}
      />
      <span className="absolute inset-0 grid place-items-center">
        <span className="grid size-10 place-items-center rounded-full border border-line-strong bg-card text-fg group-hover/play:bg-hover">
          <PlayIcon />
        </span>
      </span>
    </button>
  )
}

function Loading({ progress, onCancel }: { readonly progress: ReadProgress; readonly onCancel: () => void }) {
  const { bytes, size } = progress
  return (
    <>
      <ProgressBar
        label="Loading the recording"
        value={size === null || size === 0 ? undefined : bytes / size}
        className="w-32"
      />
      <span className="num text-sm text-fg-2">{formatBytes(bytes)}</span>
      <Button size="sm" variant="ghost" onClick={onCancel}>
        Cancel
      </Button>
    </>
  )
}

function useRecording(recordingId: string) {
  const { loadRecording } = useActions()
  const [state, setState] = useState<State>({ kind: 'rest' })
  const loading = useRef<AbortController>(undefined)
  const address = useRef<string>(undefined)
  const forget = (): void => {
    loading.current?.abort()
    if (address.current !== undefined) URL.revokeObjectURL(address.current)
    address.current = undefined
  }
  useEffect(() => forget, [])
  const play = (): void => {
    if (loadRecording === undefined) return
    forget()
    const { signal } = (loading.current = new AbortController())
    setState({ kind: 'loading', progress: { bytes: 0, size: null } })
    const follow = (progress: ReadProgress): void => {
      if (!signal.aborted) setState({ kind: 'loading', progress })
    }
    loadRecording(recordingId, follow, signal).then(
      (film) => {
        if (signal.aborted) return
        address.current = URL.createObjectURL(film)
        setState({ kind: 'playing', address: address.current })
      },
      (error: unknown) => {
        if (!signal.aborted) setState({ kind: 'failed', message: errorWords(error).message })
      },
    )
  }
  return {
    state,
    play,
    cancel(): void {
      forget()
      setState({ kind: 'rest' })
    },
    fail(message: string): void {
      forget()
      setState({ kind: 'failed', message })
    },
  }
}
