import { useMemo, useState } from 'react'
import type { BridgeError } from '../../../api/bridge-error.ts'
import { errorWords } from '../../../api/error-words.ts'
import { classNames } from '../../../lib/class-names.ts'
import { useKeys } from '../../../lib/keyboard/key-map.ts'
import { Button } from '../../../ui/button.tsx'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ErrorState } from '../../../ui/error-state.tsx'
import { FindBar } from '../../../ui/find-bar.tsx'
import { MessageSquareIcon } from '../../../ui/icons.tsx'
import { Notice } from '../../../ui/notice.tsx'
import { SkeletonRows } from '../../../ui/skeleton.tsx'
import { OlderFailed, ReconnectingNotice } from './callouts.tsx'
import { markStyles } from './find-marks.ts'
import { createRowList } from './row-list.ts'
import { rowMemory, RowMemoryProvider } from './row-memory.tsx'
import { ActionsContext, type TranscriptActions } from './transcript-actions.ts'
import { TranscriptList } from './transcript-list.tsx'
import type { TranscriptState } from './transcript-state.ts'
import { useAnnouncement } from './use-announcement.ts'
import { useFind } from './use-find.ts'

export interface TranscriptProps extends TranscriptActions {
  /** The deployment and the chat: what rows remember belongs to them. */
  readonly place: string
  readonly state: TranscriptState
  /** The turn has not begun, since the deployment lets only so many work at a time. */
  readonly isQueued?: boolean
  /** How often something was said from this window: then the end is shown. */
  readonly said?: number
  /** Why nothing more comes. */
  readonly failure?: BridgeError | undefined
  readonly older?: 'rest' | 'loading' | 'failed' | undefined
  readonly onLoadOlder: () => void
  readonly onRetry?: (() => void) | undefined
  readonly className?: string | undefined
}

/** What is said in a chat. Give it a key by its place. */
export function Transcript(props: TranscriptProps) {
  const { place, state, isQueued = false, said = 0, failure, older = 'rest' } = props
  const { onLoadOlder, onRetry, className } = props
  const [memory] = useState(() => rowMemory(place))
  const actions = useTranscriptActions(props)
  const announcement = useAnnouncement(state)
  return (
    <ActionsContext value={actions}>
      <RowMemoryProvider memory={memory}>
        <section
          aria-label="Transcript"
          className={classNames('flex min-h-0 min-w-0 flex-1 flex-col', className)}
        >
          <TranscriptBody
            state={state}
            isQueued={isQueued}
            said={said}
            failure={failure}
            older={older}
            onLoadOlder={onLoadOlder}
            onRetry={onRetry}
          />
          <div aria-live="polite" className="sr-only">
            {announcement}
          </div>
        </section>
      </RowMemoryProvider>
    </ActionsContext>
  )
}

type BodyProps = Pick<TranscriptProps, 'state' | 'failure' | 'older' | 'onLoadOlder' | 'onRetry'> & {
  readonly isQueued: boolean
  readonly said: number
}

function TranscriptBody({ state, isQueued, said, failure, older, onLoadOlder, onRetry }: BodyProps) {
  // The list of rows remembers what it made before, which the compiler must not cache over it.
  'use no memo'
  const [makeRows] = useState(createRowList)
  const rows = makeRows(state, isQueued)
  const find = useFind(rows)
  const { open } = find
  useKeys(useMemo(() => [{ keys: 'Mod+F', run: open }], [open]))
  if (rows.count === 0) return <NothingYet state={state} failure={failure} onRetry={onRetry} />
  return (
    <>
      {find.isOpen ? (
        <>
          <style>{markStyles}</style>
          <FindBar
            label="Find in this chat"
            placeholder={state.hasMore ? 'Find in what is loaded of this chat' : undefined}
            query={find.query}
            position={find.position}
            count={find.count}
            onQuery={find.setQuery}
            onStep={find.step}
            onClose={find.close}
          />
        </>
      ) : null}
      {older === 'failed' ? <OlderFailed onRetry={onLoadOlder} /> : null}
      <TranscriptList
        rows={rows}
        said={said}
        messageIds={{
          last: state.messages.at(-1)?.id ?? 0,
          count: (after) => state.messages.length - 1 - state.messages.findLastIndex(({ id }) => id <= after),
        }}
        find={find}
        mayLoadOlder={state.hasMore && older === 'rest'}
        onLoadOlder={onLoadOlder}
      />
      <ReconnectingNotice connection={state.connection} />
      {failure ? (
        <Notice
          tone="warn"
          className="mx-5 mb-2 flex-none"
          actions={
            <Button size="sm" onClick={onRetry}>
              Try again
            </Button>
          }
        >
          This chat is not followed any more. {errorWords(failure).message}
        </Notice>
      ) : null}
    </>
  )
}

function NothingYet({ state, failure, onRetry }: Pick<BodyProps, 'state' | 'failure' | 'onRetry'>) {
  if (failure) {
    const { message, detail } = errorWords(failure)
    return (
      <ErrorState
        title="This chat cannot be shown"
        details={detail}
        actions={<Button onClick={onRetry}>Try again</Button>}
      >
        {message}
      </ErrorState>
    )
  }
  if (state.phase === 'loading') return <SkeletonRows rows={6} />
  return (
    <EmptyState icon={<MessageSquareIcon />} title="Nothing was said yet">
      Write below what the agent should do.
    </EmptyState>
  )
}

/** None can be forgotten. */
type EveryAction = { readonly [K in keyof Required<TranscriptActions>]: TranscriptActions[K] }

/** The actions alone, so that rows are drawn again when one of them changes and not with each token. */
function useTranscriptActions(props: TranscriptActions): EveryAction {
  const { onOpenLink, onEdit, onOpenFile, onOpenDiff, onDecide, hasWorkspace, onAnswer } = props
  const { onImplementPlan, onStop, onAskForChanges, onOpenChat, loadFile, saveFile } = props
  const { agents, builds, templateNames, serverNames } = props
  const { loadRecording, watchDesktop, desktopAgents } = props
  return useMemo(
    () => ({
      onOpenLink,
      onEdit,
      onOpenFile,
      onOpenDiff,
      onDecide,
      hasWorkspace,
      onAnswer,
      onImplementPlan,
      onStop,
      onAskForChanges,
      onOpenChat,
      loadFile,
      saveFile,
      agents,
      builds,
      templateNames,
      serverNames,
      loadRecording,
      watchDesktop,
      desktopAgents,
    }),
    [
      onOpenLink,
      onEdit,
      onOpenFile,
      onOpenDiff,
      onDecide,
      hasWorkspace,
      onAnswer,
      onImplementPlan,
      onStop,
      onAskForChanges,
      onOpenChat,
      loadFile,
      saveFile,
      agents,
      builds,
      templateNames,
      serverNames,
      loadRecording,
      watchDesktop,
      desktopAgents,
    ],
  )
}
