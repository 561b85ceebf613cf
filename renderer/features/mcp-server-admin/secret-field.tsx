import type { ReactNode } from 'react'
import { useApi } from '../../api/api-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'

export interface SecretFieldProps {
  readonly label: string
  readonly hideLabel?: boolean
  readonly help?: ReactNode
  readonly optional?: boolean
  readonly error: string | undefined
  /** Undefined: as stored. Empty: removed. */
  readonly value: string | undefined
  readonly stored: boolean
  readonly onChange: (value: string | undefined) => void
  readonly onBlur?: () => void
  /** A stored one may be taken away without a new one. */
  readonly removable?: boolean
  readonly placeholder?: string
}

/** A secret that can be typed, replaced and removed, and never read. */
export function SecretField(props: SecretFieldProps) {
  const { client } = useApi()
  const { value, stored, onChange } = props
  const isRemoved = stored && value === ''
  return (
    <Field
      label={props.label}
      hideLabel={props.hideLabel}
      optional={props.optional}
      error={props.error}
      help={isRemoved ? 'The stored one is removed when you save.' : props.help}
    >
      <div className="flex items-center gap-2">
        <div className="min-w-0 flex-1">
          <SecretInput
            value={value ?? ''}
            stored={stored && !isRemoved}
            placeholder={props.placeholder}
            // Emptied again is not removed: that is asked for by its own button.
            onChange={(text) => onChange(text === '' && stored ? undefined : text)}
            onBlur={props.onBlur}
            readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
          />
        </div>
        {stored && props.removable ? (
          <Button variant="ghost" size="lg" onClick={() => onChange(isRemoved ? undefined : '')}>
            {isRemoved ? 'Keep it' : 'Remove'}
          </Button>
        ) : null}
      </div>
    </Field>
  )
}
