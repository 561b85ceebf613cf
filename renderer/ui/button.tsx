import type { ComponentProps, MouseEvent, ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { Spinner } from './spinner.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger' | 'danger-ghost'
export type ControlSize = 'sm' | 'md' | 'lg'

export interface ButtonProps extends ComponentProps<'button'> {
  /** `primary` at most once in a region; `danger` for what cannot be undone. */
  readonly variant?: ButtonVariant | undefined
  readonly size?: ControlSize | undefined
  /** Shown before the label. */
  readonly icon?: ReactNode
  /** Shown after the label: a chevron, a key. */
  readonly trailing?: ReactNode
  /** The action runs: a spinner without a change of width, further clicks ignored, focus kept. */
  readonly loading?: boolean | undefined
  /** Square, for an icon alone. Use IconButton, which also asks for a name. */
  readonly square?: boolean | undefined
}

const base =
  'relative inline-flex flex-none items-center justify-center border font-medium whitespace-nowrap rounded-md ' +
  'active:not-disabled:translate-y-[0.5px] disabled:pointer-events-none no-drag'

const variants: Record<ButtonVariant, string> = {
  primary:
    'border-transparent bg-accent text-on-accent hover:bg-accent-hover data-popup-open:bg-accent-hover ' +
    'disabled:bg-idle-bg disabled:text-fg-3 [[data-theme=hc]_&]:disabled:border-line-strong',
  secondary:
    'border-line-strong bg-control text-fg hover:border-line-ui data-popup-open:border-line-ui disabled:opacity-50 ' +
    '[&>.lucide]:text-fg-2',
  ghost:
    'border-transparent text-fg-2 hover:bg-hover hover:text-fg data-popup-open:bg-active data-popup-open:text-fg ' +
    'aria-pressed:bg-active aria-pressed:text-fg disabled:opacity-50',
  danger: 'border-bad bg-bad-bg text-bad-fg hover:bg-bad hover:text-page disabled:opacity-50',
  'danger-ghost': 'border-transparent text-bad-fg hover:bg-bad-bg disabled:opacity-50',
}

const sizes: Record<ControlSize, string> = {
  sm: 'h-6 gap-1 px-2 text-sm',
  md: 'h-7 gap-1.5 px-2.5 text-md',
  lg: 'h-8 gap-1.5 px-3.5 text-md',
}

const squares: Record<ControlSize, string> = { sm: 'size-6', md: 'size-7', lg: 'size-8' }

/** The button of the app. Keeps its width while it loads. */
export function Button({
  variant = 'secondary',
  size = 'md',
  icon,
  trailing,
  loading = false,
  square = false,
  className,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  const onActivate = (event: MouseEvent<HTMLButtonElement>) => {
    if (loading) {
      // Also stops the submit of a form whose button is already working.
      event.preventDefault()
      return
    }
    onClick?.(event)
  }
  return (
    <button
      type={type}
      className={classNames(base, variants[variant], square ? squares[size] : sizes[size], className)}
      onClick={onActivate}
      {...rest}
      {...(loading ? { 'aria-busy': true, 'aria-disabled': true } : {})}
    >
      {loading ? <LoadingContent icon={icon}>{children}</LoadingContent> : icon}
      {loading ? null : children}
      {trailing}
    </button>
  )
}

/** A spinner in place of the icon, or over the hidden words where there is none: the width stays. */
function LoadingContent({ icon, children }: { readonly icon: ReactNode; readonly children: ReactNode }) {
  if (icon) {
    return (
      <>
        <Spinner />
        {children}
      </>
    )
  }
  return (
    <>
      <span className="absolute inset-0 grid place-items-center">
        <Spinner />
      </span>
      <span className="inline-flex items-center gap-1.5 opacity-0">{children}</span>
    </>
  )
}

/** An action that reads as a link inside a sentence. */
export function TextButton({ className, type = 'button', ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type={type}
      className={classNames(
        'rounded-sm font-medium text-accent-fg underline-offset-2 hover:underline disabled:opacity-50 no-drag',
        className,
      )}
      {...rest}
    />
  )
}

/** Two or more buttons as one: a main action and more ways to do it. */
export function SplitButton({ children }: { readonly children: ReactNode }) {
  return (
    <span
      className={
        'inline-flex gap-px [&>*:first-child]:rounded-r-none [&>*:last-child]:rounded-l-none ' +
        '[&>*:last-child]:w-[26px] [&>*:last-child]:px-0'
      }
    >
      {children}
    </span>
  )
}
