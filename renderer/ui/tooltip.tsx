import { Tooltip as Kit } from '@base-ui/react/tooltip'
import type { ReactElement, ReactNode } from 'react'
import { lightLayerAttribute } from '../lib/watch-cover.ts'
import { Kbd } from './kbd.tsx'

export interface TooltipProps {
  readonly content: ReactNode
  /** A key combination shown behind the words, such as `Mod+K`. */
  readonly keys?: string | undefined
  readonly side?: 'top' | 'bottom' | 'left' | 'right' | undefined
  /** The element it belongs to; it must take a ref and props. */
  readonly children: ReactElement
}

/** Wraps the app once, so that the second tooltip in a row comes at once. */
export function TooltipProvider({ children }: { readonly children: ReactNode }) {
  return (
    <Kit.Provider delay={500} closeDelay={0}>
      {children}
    </Kit.Provider>
  )
}

/** A short label on hover and focus. Never the only place for something a person must know. */
export function Tooltip({ content, keys, side = 'bottom', children }: TooltipProps) {
  return (
    <Kit.Root>
      <Kit.Trigger render={children} />
      <Kit.Portal>
        <Kit.Positioner
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-70"
          {...{ [lightLayerAttribute]: true }}
        >
          <Kit.Popup className="layer flex max-w-80 items-center gap-2 rounded-md bg-float px-2 py-1 text-sm text-fg shadow-float">
            <span>{content}</span>
            {keys ? <Kbd keys={keys} /> : null}
          </Kit.Popup>
        </Kit.Positioner>
      </Kit.Portal>
    </Kit.Root>
  )
}
