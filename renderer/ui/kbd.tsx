import { classNames } from '../lib/class-names.ts'
import { comboCaps } from '../lib/keyboard/combo.ts'
import { isMac } from '../lib/platform.ts'

/** A key or combination as the platform prints it: `Mod+K` is Ctrl K or ⌘K. */
export function Kbd({ keys, className }: { readonly keys: string; readonly className?: string | undefined }) {
  const mac = isMac()
  return (
    <kbd
      className={classNames(
        'inline-block min-w-[18px] flex-none rounded-sm border border-line-strong bg-page px-1 text-center font-sans ' +
          'text-[11px] leading-4 font-medium text-fg-3',
        className,
      )}
    >
      {comboCaps(keys, mac).join(mac ? '' : ' ')}
    </kbd>
  )
}
