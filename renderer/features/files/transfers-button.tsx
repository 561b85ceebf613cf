import { useStore } from 'zustand'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ArrowLeftRightIcon } from '../../ui/icons.tsx'
import { Popover } from '../../ui/popover.tsx'
import { useFiles } from './files-services.ts'
import { TransferRow } from './transfer-row.tsx'
import { isOver } from './transfer-words.ts'

/** Uploads and downloads of all workspaces, behind a button that says when one of them needs an answer. */
export function TransfersButton() {
  const transfers = useFiles().transfers
  const all = useStore(transfers.store)
  const open = all.filter(({ state }) => !isOver(state))
  const needsAnswer = all.some(({ state }) => state.kind === 'conflict' || state.kind === 'failed')
  const isRunning = open.some(({ state }) => state.kind !== 'paused')
  const label =
    open.length === 0 ? 'Transfers' : `Transfers, ${open.length} open${needsAnswer ? ', one needs you' : ''}`
  return (
    <Popover
      align="end"
      className="w-[420px]"
      title="Transfers"
      trigger={
        <IconButton
          size="sm"
          label={label}
          dot={needsAnswer || open.length > 0}
          icon={<ArrowLeftRightIcon />}
        />
      }
    >
      {all.length === 0 ? (
        <p className="py-2 text-fg-2">
          Nothing is being copied. Drop files on the list, or choose Download in the menu of one.
        </p>
      ) : (
        <>
          <ul aria-label="Transfers" className="-mx-3 max-h-80 overflow-auto">
            {all.toReversed().map((transfer) => (
              <TransferRow key={transfer.transferId} transfer={transfer} transfers={transfers} />
            ))}
          </ul>
          <div className="mt-2 flex justify-end gap-2">
            {open.length === 0 ? null : isRunning ? (
              <Button size="sm" onClick={() => transfers.pause()}>
                Pause all
              </Button>
            ) : (
              <Button size="sm" onClick={() => transfers.resume()}>
                Resume all
              </Button>
            )}
            <Button size="sm" disabled={open.length === all.length} onClick={() => transfers.forget()}>
              Clear finished
            </Button>
          </div>
        </>
      )}
    </Popover>
  )
}
