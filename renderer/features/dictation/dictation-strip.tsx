import type { ReactNode } from 'react'
import { dictationMaxSeconds } from '#ipc/dictation-limits'
import { classNames } from '../../lib/class-names.ts'
import { formatClock } from '../../lib/duration.ts'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { useWindowActions } from '../window/index.ts'
import { discardDictation, retryDictation, shownLevels, useListening } from './dictation-store.ts'
import type { DictationHere } from './use-dictation.ts'

export interface DictationStripProps {
  readonly place: string
  readonly dictation: DictationHere
  /** Where the focus goes when a button of the strip goes. */
  readonly focusText: () => void
}

/** How it is with what is said here, above the text; nothing while nothing is. */
export function DictationStrip({ place, dictation, focusText }: DictationStripProps) {
  const { phase, finish, cancel } = dictation
  const after = (act: () => void) => (): void => {
    act()
    focusText()
  }
  switch (phase?.kind) {
    case undefined:
      return null
    case 'opening':
      return (
        <Row label="Opening the microphone" icon={<Spinner />}>
          <Button size="sm" variant="ghost" className="ml-auto" onClick={after(cancel)}>
            Cancel
          </Button>
        </Row>
      )
    case 'recording':
      return (
        <Row label="Recording" icon={<span className="size-2.5 flex-none rounded-full bg-bad pulse" />}>
          <Meter />
          <Button size="sm" variant="ghost" onClick={after(cancel)}>
            Cancel
          </Button>
          <Button size="sm" onClick={after(finish)}>
            Done
          </Button>
        </Row>
      )
    case 'writing':
      return (
        <Row label="Writing out what you said" icon={<Spinner />}>
          <Button size="sm" variant="ghost" className="ml-auto" onClick={after(cancel)}>
            Cancel
          </Button>
        </Row>
      )
    case 'failed':
      return <Failed place={place} phase={phase} dictation={dictation} focusText={focusText} />
  }
}

interface RowProps {
  readonly label: string
  readonly icon: ReactNode
  readonly children: ReactNode
}

function Row({ label, icon, children }: RowProps) {
  return (
    <div
      role="group"
      aria-label="Dictation"
      className="flex min-w-0 items-center gap-2 border-b border-line px-3 py-1.5 text-sm"
    >
      {icon}
      <span role="status" className="flex-none text-fg-2">
        {label}
      </span>
      {children}
    </div>
  )
}

/** The last half minute is told. */
const warnedSeconds = 30

function Meter() {
  const { seconds, levels } = useListening()
  const left = dictationMaxSeconds - seconds
  const isEnding = left <= warnedSeconds
  const bars = [...new Array<number>(shownLevels - levels.length).fill(0), ...levels]
  return (
    <>
      <span aria-hidden className="flex h-5 min-w-0 flex-1 items-center justify-end gap-0.5 overflow-hidden">
        {bars.map((level, index) => (
          <span
            // Each is a place on the scale of time; none moves.
            key={index}
            className="w-0.5 flex-none rounded-full bg-fg-3"
            style={{ height: `${Math.max(10, Math.round(level * 100))}%` }}
          />
        ))}
      </span>
      <span role="timer" className={classNames('num flex-none', isEnding ? 'text-warn-fg' : 'text-fg-2')}>
        {isEnding ? `Ends in ${formatClock(Math.ceil(left) * 1000)}` : formatClock(seconds * 1000)}
      </span>
    </>
  )
}

interface FailedProps extends DictationStripProps {
  readonly phase: { readonly message: string; readonly isKept: boolean }
}

function Failed({ place, phase: { message, isKept }, dictation, focusText }: FailedProps) {
  const actions = useWindowActions()
  return (
    <Notice
      tone="bad"
      className="rounded-b-none"
      title={isKept ? 'What you said is not written out' : undefined}
    >
      <span>{isKept ? `${message} The recording is kept.` : message}</span>
      <span className="mt-2 flex flex-wrap gap-2">
        <Button
          size="sm"
          onClick={() => {
            if (isKept) retryDictation(place)
            else dictation.toggle()
            focusText()
          }}
        >
          Try again
        </Button>
        <Button size="sm" onClick={() => actions.goToSettings('dictation')}>
          Settings
        </Button>
        <Button
          size="sm"
          variant="ghost"
          onClick={() => {
            discardDictation(place)
            focusText()
          }}
        >
          {isKept ? 'Discard' : 'Close'}
        </Button>
      </span>
    </Notice>
  )
}
