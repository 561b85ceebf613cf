import { Input as KitInput } from '@base-ui/react/input'
import { Field as KitField } from '@base-ui/react/field'
import type { ComponentProps, ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'

const frameShape =
  'flex w-full min-w-0 items-center gap-1.5 rounded-md border bg-page text-fg no-drag ' +
  'has-[[data-invalid]]:border-bad has-[[data-invalid]]:ring-1 has-[[data-invalid]]:ring-bad ' +
  'has-[:is(input,textarea):focus]:border-transparent has-[:is(input,textarea):focus]:outline-2 has-[:is(input,textarea):focus]:outline-offset-0 has-[:is(input,textarea):focus]:outline-ring ' +
  'has-[:is(input,textarea):disabled]:opacity-50'

/** The frame around anything a person types into; shared by all text-like controls. */
export const controlFrame = `${frameShape} border-line-ui`

/** Heights of the frame. */
export const controlHeights = { md: 'h-7 px-2', lg: 'h-8 px-2.5' } as const

export interface InputProps extends Omit<ComponentProps<'input'>, 'size' | 'defaultValue'> {
  readonly size?: 'md' | 'lg' | undefined
  readonly defaultValue?: string | number | undefined
  /** Before the text: an icon. */
  readonly leading?: ReactNode
  /** After the text: a unit, a key, a button. */
  readonly trailing?: ReactNode
  readonly mono?: boolean | undefined
  /** A weaker edge, for a filter in a tool bar that is known by its icon and words. */
  readonly quiet?: boolean | undefined
  readonly invalid?: boolean | undefined
}

/** One line of text. Inside a Field it takes name, help and error from there. */
export function Input({
  size = 'lg',
  leading,
  trailing,
  mono,
  quiet,
  invalid,
  className,
  ...rest
}: InputProps) {
  return (
    <div
      className={classNames(
        quiet ? `${frameShape} border-line-strong hover:border-line-ui` : controlFrame,
        controlHeights[size],
        '[&>.lucide]:text-fg-3',
        className,
      )}
    >
      {leading}
      <KitInput
        className={classNames(
          'h-full min-w-0 flex-1 border-0 bg-transparent p-0 outline-none',
          mono && 'code-text',
        )}
        {...(invalid ? { 'aria-invalid': true, 'data-invalid': '' } : {})}
        {...rest}
      />
      {trailing}
    </div>
  )
}

export interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'defaultValue'> {
  readonly defaultValue?: string | undefined
  readonly mono?: boolean | undefined
}

/** Several lines of text; grows with its content up to twelve lines. */
export function TextArea({ mono, rows = 3, className, ...rest }: TextAreaProps) {
  return (
    <div className={classNames(controlFrame, 'items-start', className)}>
      <KitField.Control
        render={<textarea rows={rows} />}
        className={classNames(
          'block max-h-60 w-full resize-y field-sizing-content border-0 bg-transparent px-2.5 py-1.5 outline-none',
          mono && 'code-text',
        )}
        {...(rest as ComponentProps<typeof KitField.Control>)}
      />
    </div>
  )
}
