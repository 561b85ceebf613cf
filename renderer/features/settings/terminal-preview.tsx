import type { Settings } from '#ipc/settings'
import { classNames } from '../../lib/class-names.ts'

/** A sample of terminal output in the chosen size. */
export function TerminalPreview({ settings }: { readonly settings: Settings['terminal'] }) {
  return (
    <div
      aria-hidden="true"
      className="log h-28 overflow-hidden border-b border-line px-3.5 py-2.5"
      style={{ fontSize: settings.fontSize, lineHeight: 1.4 }}
    >
      <div>
        <span className="text-(--a2)">dev@workspace</span> <span className="text-(--a4)">~/src/api</span>{' '}
        <span className="font-semibold">$</span> git status -sb
      </div>
      <div>
        ## <span className="text-(--a2)">main</span>...<span className="text-(--a1)">origin/main</span> [ahead
        2]
      </div>
      <div>
        <span className="text-(--a1)">{' M'}</span> internal/retry.go
      </div>
      <div>
        <span className="text-(--a2)">dev@workspace</span> <span className="text-(--a4)">~/src/api</span>{' '}
        <span className="font-semibold">$</span>{' '}
        <span
          className={classNames('inline-block w-[1ch] bg-(--term-cursor)', settings.cursorBlink && 'pulse')}
        >
          {'\u00a0'}
        </span>
      </div>
    </div>
  )
}
