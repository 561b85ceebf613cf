import type { KeyboardEvent } from 'react'
import { IconButton } from '../../ui/icon-button.tsx'
import { MicIcon } from '../../ui/icons.tsx'
import { dictationKeys, type DictationHere } from './use-dictation.ts'

export interface DictationButtonProps {
  readonly dictation: DictationHere
  /** Typing goes on there while it listens. */
  readonly focusText: () => void
}

/** Begins a dictation and ends it; only where it is set up. */
export function DictationButton({ dictation, focusText }: DictationButtonProps) {
  const { phase, toggle, cancel } = dictation
  if (dictation.isSetUp !== true) return null
  const isListening = phase?.kind === 'recording' || phase?.kind === 'opening'
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !isListening) return
    event.preventDefault()
    cancel()
  }
  return (
    <IconButton
      label={isListening ? 'End the dictation' : 'Dictate'}
      keys={dictationKeys}
      size="sm"
      tooltipSide="top"
      icon={<MicIcon className={isListening ? 'text-bad-fg' : undefined} />}
      pressed={isListening}
      disabled={phase?.kind === 'writing' || (phase?.kind === 'failed' && phase.isKept)}
      onKeyDown={onKeyDown}
      onClick={() => {
        toggle()
        focusText()
      }}
    />
  )
}
