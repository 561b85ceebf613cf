import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { cleanTitle } from './clean-title.ts'

export interface ClipboardQuestionProps {
  readonly text: string
  readonly name: string
  readonly onAnswer: (allowed: boolean) => void
}

const shownChars = 80

/** Asks once a terminal whether programs in it may write the clipboard, and shows what this one wants there. */
export function ClipboardQuestion({ text, name, onAnswer }: ClipboardQuestionProps) {
  const hidden = text.length - shownChars
  const shown = cleanTitle(text.slice(0, shownChars))
  return (
    <div className="absolute inset-x-3 top-3 z-10 rounded-md bg-float shadow-float">
      <Notice
        tone="warn"
        actions={
          <>
            <Button size="sm" onClick={() => onAnswer(false)}>
              Not in this terminal
            </Button>
            <Button size="sm" variant="primary" onClick={() => onAnswer(true)}>
              Allow here
            </Button>
          </>
        }
      >
        A program on {name} wants to write your clipboard:{' '}
        <span className="font-mono break-all">{hidden > 0 ? `${shown}…` : shown}</span>
        {hidden > 0 ? ` and ${hidden.toLocaleString('en')} more characters` : null}
      </Notice>
    </div>
  )
}
