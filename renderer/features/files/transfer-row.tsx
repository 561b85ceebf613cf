import { useState } from 'react'
import type { ConflictChoice, Transfer } from '#bridge/contract/file-transfers'
import { displayName } from '#bridge/contract/remote-names'
import { useChange } from '../../api/use-call.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import {
  DownloadIcon,
  FolderOpenIcon,
  PauseIcon,
  PlayIcon,
  RotateCwIcon,
  UploadIcon,
  XIcon,
} from '../../ui/icons.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { changedText } from './entry-words.ts'
import { isOver, shareDone, transferWords } from './transfer-words.ts'
import type { TransfersClient } from './transfers-client.ts'

export interface TransferRowProps {
  readonly transfer: Transfer
  readonly transfers: TransfersClient
}

/** One transfer: how far it is, and what can be done with it. A finished download can be dragged out. */
export function TransferRow({ transfer, transfers }: TransferRowProps) {
  const { state, direction, transferId } = transfer
  const name = displayName(transfer.name)
  const reveal = useChange('files.reveal')
  const drag = useChange('files.startDrag')
  const isDownloaded = direction === 'download' && state.kind === 'done'
  return (
    <li
      className="border-b border-line px-3 py-2 last:border-0"
      draggable={isDownloaded}
      onDragStart={(event) => {
        event.preventDefault()
        drag.mutate({ transferIds: [transferId] })
      }}
    >
      <div className="flex items-center gap-2">
        {direction === 'upload' ? (
          <UploadIcon className="text-fg-3" aria-label="Upload" />
        ) : (
          <DownloadIcon className="text-fg-3" aria-label="Download" />
        )}
        <span className="cut flex-1" title={displayName(transfer.remotePath)}>
          {name}
        </span>
        {state.kind === 'running' || state.kind === 'queued' || state.kind === 'waiting' ? (
          <IconButton
            size="sm"
            label={`Pause ${name}`}
            icon={<PauseIcon />}
            onClick={() => transfers.pause(transferId)}
          />
        ) : null}
        {state.kind === 'paused' ? (
          <IconButton
            size="sm"
            label={`Resume ${name}`}
            icon={<PlayIcon />}
            onClick={() => transfers.resume(transferId)}
          />
        ) : null}
        {state.kind === 'failed' ? (
          <IconButton
            size="sm"
            label={`Try ${name} again`}
            icon={<RotateCwIcon />}
            onClick={() => transfers.resume(transferId)}
          />
        ) : null}
        {isDownloaded ? (
          <IconButton
            size="sm"
            label={`Show ${name} in its folder`}
            icon={<FolderOpenIcon />}
            onClick={() => reveal.mutate({ transferId })}
          />
        ) : null}
        <IconButton
          size="sm"
          label={isOver(state) ? `Take ${name} off the list` : `Cancel ${name}`}
          icon={<XIcon />}
          onClick={() => (isOver(state) ? transfers.forget(transferId) : transfers.cancel(transferId))}
        />
      </div>
      {isOver(state) ? null : (
        <ProgressBar className="mt-1.5" value={shareDone(transfer)} label={`Progress of ${name}`} />
      )}
      <div className={`num mt-1 text-sm ${state.kind === 'failed' ? 'text-bad-fg' : 'text-fg-3'}`}>
        {transferWords(transfer)}
      </div>
      {reveal.error ? <div className="text-sm text-bad-fg">{reveal.error.message}</div> : null}
      {state.kind === 'conflict' ? (
        <ConflictQuestion
          conflict={state}
          direction={direction}
          onChoose={(choice, forAll) => transfers.resolve(transferId, choice, forAll)}
        />
      ) : null}
    </li>
  )
}

interface ConflictQuestionProps {
  readonly conflict: Extract<Transfer['state'], { kind: 'conflict' }>
  readonly direction: Transfer['direction']
  readonly onChoose: (choice: ConflictChoice, forAll: boolean) => void
}

/** Two files of one name: both with size and time, and the three ways on. */
function ConflictQuestion({ conflict, direction, onChoose }: ConflictQuestionProps) {
  const [forAll, setForAll] = useState(false)
  const { source, target } = conflict
  const here = { label: 'On this computer', ...(direction === 'upload' ? source : target) }
  const there = { label: 'On the workspace', ...(direction === 'upload' ? target : source) }
  return (
    <div role="group" aria-label={`Conflict of ${displayName(conflict.name)}`} className="mt-2">
      <dl className="num grid grid-cols-[auto_auto_1fr] gap-x-3 text-sm">
        {[here, there].map(({ label, size, mtime }) => (
          <div key={label} className="contents">
            <dt className="text-fg-3">{label}</dt>
            <dd>{formatBytes(size)}</dd>
            <dd className="text-fg-2">{changedText(mtime)}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-2 flex flex-wrap items-center gap-2">
        <Button size="sm" disabled={target.isFolder} onClick={() => onChoose('replace', forAll)}>
          Replace
        </Button>
        <Button size="sm" onClick={() => onChoose('keep-both', forAll)}>
          Keep both
        </Button>
        <Button size="sm" onClick={() => onChoose('skip', forAll)}>
          Skip
        </Button>
        <Checkbox label="For all" checked={forAll} onChange={setForAll} />
      </div>
    </div>
  )
}
