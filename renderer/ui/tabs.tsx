import { Tabs as Kit } from '@base-ui/react/tabs'
import { useEffect, useRef, type ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

export interface TabItem<Value extends string> {
  readonly value: Value
  readonly label: string
  /** A count behind the label. */
  readonly count?: number | undefined
  readonly disabled?: boolean | undefined
  /** It can be closed: Delete and the middle button do. */
  readonly onClose?: (() => void) | undefined
}

export interface TabsProps<Value extends string> {
  readonly items: readonly TabItem<Value>[]
  readonly value: Value
  readonly onChange: (value: Value) => void
  readonly 'aria-label': string
  /** At the right end of the bar. */
  readonly end?: ReactNode
  /** The TabPanels, or one TabPanel of the current value. */
  readonly children?: ReactNode
  /** As high as a page header, for a bar that stands beside one. */
  readonly tall?: boolean | undefined
  readonly className?: string | undefined
}

/** A bar of tabs under a page header, and the panels below it. */
export function Tabs<Value extends string>({
  items,
  value,
  onChange,
  end,
  children,
  tall = false,
  className,
  ...rest
}: TabsProps<Value>) {
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // More tabs than there is room for scroll; the one that was chosen elsewhere must be seen.
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [value])
  return (
    <Kit.Root
      value={value}
      onValueChange={(next) => {
        onChange(next as Value)
      }}
      className={classNames('flex min-h-0 min-w-0 flex-1 flex-col', className)}
    >
      <div
        className={classNames(
          'flex flex-none items-stretch border-b border-line pr-3 pl-3',
          tall ? 'h-(--h-pagehead)' : 'h-9',
        )}
      >
        <Kit.List
          ref={list}
          aria-label={rest['aria-label']}
          activateOnFocus={false}
          className="flex min-w-0 gap-1 overflow-x-auto [scrollbar-width:none]"
        >
          {items.map((item) => (
            <Kit.Tab
              key={item.value}
              value={item.value}
              disabled={item.disabled}
              title={item.onClose === undefined ? undefined : item.label}
              aria-keyshortcuts={item.onClose === undefined ? undefined : 'Delete'}
              onKeyDown={(event) => {
                if (event.key === 'Delete') item.onClose?.()
              }}
              onAuxClick={(event) => {
                if (event.button === 1) item.onClose?.()
              }}
              className={
                'relative flex flex-none items-center gap-1.5 px-2 whitespace-nowrap text-fg-2 hover:text-fg data-active:font-medium data-active:text-fg ' +
                'data-disabled:opacity-50 focus-visible:rounded-sm focus-visible:-outline-offset-2 ' +
                "data-active:after:absolute data-active:after:inset-x-2 data-active:after:bottom-0 data-active:after:h-0.5 data-active:after:rounded-full data-active:after:bg-accent data-active:after:content-['']"
              }
            >
              <span className="max-w-40 cut">{item.label}</span>
              {item.count === undefined ? null : (
                <span className="num text-sm font-normal text-fg-3">{item.count}</span>
              )}
            </Kit.Tab>
          ))}
        </Kit.List>
        {end === undefined ? null : <div className="ml-auto flex items-center gap-2">{end}</div>}
      </div>
      {children}
    </Kit.Root>
  )
}

export interface TabPanelProps {
  readonly value: string
  /** Stays in the tree while another tab shows, for what must not lose its state. */
  readonly keepMounted?: boolean | undefined
  readonly className?: string | undefined
  readonly children: ReactNode
}

/** The content of one tab. Scrolls by itself. */
export function TabPanel({ value, keepMounted, className, children }: TabPanelProps) {
  return (
    <Kit.Panel
      value={value}
      keepMounted={keepMounted}
      className={classNames('min-h-0 flex-1 overflow-auto focus-visible:-outline-offset-2', className)}
    >
      {children}
    </Kit.Panel>
  )
}
