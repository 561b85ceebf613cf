import type { ReactNode } from 'react'

export interface SettingRowProps {
  readonly label: string
  readonly help?: ReactNode
  /** One control with its own name. */
  readonly children: ReactNode
}

/** One setting: words at the left, control at the right. */
export function SettingRow({ label, help, children }: SettingRowProps) {
  return (
    <div className="flex min-h-12 items-center gap-6 border-line px-3.5 py-2 not-last:border-b">
      <div className="min-w-0 flex-1">
        <div className="font-medium">{label}</div>
        {help ? <div className="text-sm text-fg-3">{help}</div> : null}
      </div>
      <div className="flex flex-none items-center">{children}</div>
    </div>
  )
}
