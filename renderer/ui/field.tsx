import { Field as Kit } from '@base-ui/react/field'
import type { ReactNode } from 'react'
import { classNames } from '../lib/class-names.ts'
import { TriangleAlertIcon } from './icons.tsx'

export interface FieldProps {
  readonly label: ReactNode
  /** Below the control, until an error takes its place. */
  readonly help?: ReactNode
  /** One sentence: what is wrong and what to do. Marks the control as invalid. */
  readonly error?: ReactNode
  /** At the right end of the label: a value, a count, a link. */
  readonly hint?: ReactNode
  /** Right behind the label, and no part of it: a word about the field. */
  readonly badge?: ReactNode
  /** The label is read, not shown. */
  readonly hideLabel?: boolean | undefined
  readonly optional?: boolean | undefined
  readonly disabled?: boolean | undefined
  readonly className?: string | undefined
  /** One Input, TextArea, Select, Combobox, Slider, RadioCards, SecretInput or TagInput. */
  readonly children: ReactNode
}

/** Label above, control, help or error below; wires names and descriptions for screen readers. */
export function Field({
  label,
  help,
  error,
  hint,
  badge,
  hideLabel,
  optional,
  disabled,
  className,
  children,
}: FieldProps) {
  const hasError = error !== undefined && error !== null && error !== false && error !== ''
  return (
    <Kit.Root invalid={hasError} disabled={disabled} className={classNames('min-w-0', className)}>
      <div className={hideLabel ? 'sr-only' : 'mb-1.5 flex items-center gap-2 font-medium'}>
        <Kit.Label>{label}</Kit.Label>
        {badge}
        {optional ? <span className="text-sm font-normal text-fg-3">Optional</span> : null}
        {hint === undefined ? null : (
          <span className="num ml-auto text-sm font-normal text-fg-3">{hint}</span>
        )}
      </div>
      {children}
      {hasError ? (
        <Kit.Error match className="mt-1.5 flex gap-1.5 text-sm text-bad-fg copyable">
          <TriangleAlertIcon className="mt-px size-3.5" />
          <span className="min-w-0 flex-1">{error}</span>
        </Kit.Error>
      ) : help === undefined || help === null ? null : (
        <Kit.Description className="mt-1.5 text-sm text-fg-3">{help}</Kit.Description>
      )}
    </Kit.Root>
  )
}
