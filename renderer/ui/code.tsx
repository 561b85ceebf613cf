import { useState, type ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { IconButton } from './icon-button.tsx'
import { CheckIcon, CopyIcon } from './icons.tsx'

/** A short literal inside a sentence: a name, a path, a value. */
export function Code({
  children,
  className,
}: {
  readonly children: ReactNode
  readonly className?: string | undefined
}) {
  return (
    <code
      className={classNames('rounded-sm bg-idle-bg px-[5px] py-px code-text copyable hc-edge', className)}
    >
      {children}
    </code>
  )
}

export interface CopyButtonProps {
  /** What is copied, or how to get it. */
  readonly text: string | (() => string)
  readonly label?: string | undefined
  readonly size?: 'sm' | 'md' | undefined
}

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, label = 'Copy', size = 'sm' }: CopyButtonProps) {
  const [state, setState] = useState<'rest' | 'copied' | 'failed'>('rest')
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text())
      setState('copied')
    } catch {
      // The clipboard is refused when the window is not focused; the label tells it instead of failing in silence.
      setState('failed')
    }
    setTimeout(() => {
      setState('rest')
    }, 2000)
  }
  const said = { rest: label, copied: 'Copied', failed: 'Could not copy' }[state]
  return (
    <IconButton
      label={said}
      size={size}
      icon={state === 'copied' ? <CheckIcon className="text-ok-fg" /> : <CopyIcon />}
      onClick={() => {
        void copy()
      }}
    />
  )
}

export interface CodeBlockProps {
  readonly children: string
  /** Shown above: a file name, a shell. */
  readonly title?: ReactNode
  readonly wrap?: boolean | undefined
  readonly className?: string | undefined
}

/** A block of code or output with a copy button. Plain text: colouring belongs to the editor. */
export function CodeBlock({ children, title, wrap = false, className }: CodeBlockProps) {
  return (
    <figure
      className={classNames(
        'group relative min-w-0 overflow-hidden rounded-md border border-line bg-sunken',
        className,
      )}
    >
      {title === undefined ? null : (
        <figcaption className="flex h-8 items-center border-b border-line pr-1 pl-3 text-sm text-fg-3">
          {title}
        </figcaption>
      )}
      <pre
        tabIndex={0}
        className={classNames(
          'max-h-80 overflow-auto px-3 py-2.5 code-text copyable',
          wrap && 'break-words whitespace-pre-wrap',
        )}
      >
        {children}
      </pre>
      <div className="absolute top-1 right-1 rounded-md bg-sunken opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        <CopyButton text={children} />
      </div>
    </figure>
  )
}
