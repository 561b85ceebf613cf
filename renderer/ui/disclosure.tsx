import { Collapsible } from '@base-ui/react/collapsible'
import type { ReactNode } from 'react'
import { ChevronRightIcon } from './icons.tsx'

/** Something most people never need, behind its name. What was typed inside stays when it is closed. */
export function Disclosure({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Collapsible.Root>
      <Collapsible.Trigger className="group -ml-1.5 flex h-7 items-center gap-2 rounded-sm px-1.5 font-medium hover:bg-hover">
        <ChevronRightIcon className="size-3.5 group-data-panel-open:rotate-90" />
        {label}
      </Collapsible.Trigger>
      <Collapsible.Panel keepMounted className="pt-3 data-closed:hidden">
        {children}
      </Collapsible.Panel>
    </Collapsible.Root>
  )
}
