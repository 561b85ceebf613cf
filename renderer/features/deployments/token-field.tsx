import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ExternalLinkIcon } from '../../ui/icons.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'

export interface TokenFieldProps {
  /** The deployment's address once it is known to be one. */
  readonly url: string | undefined
  readonly value: string
  readonly onChange: (value: string) => void
  readonly error: string | undefined
  readonly autoFocus?: boolean
}

/** A session token, and the way to the page that makes one. */
export function TokenField({ url, value, onChange, error, autoFocus }: TokenFieldProps) {
  const { client } = useApi()
  const openPage = useChange('deployments.openTokenPage')
  return (
    <div>
      <Field
        label="Session token"
        help="Made on the token page in your browser. It is kept in the system keychain."
        error={error ?? (openPage.error ? errorWords(openPage.error).message : undefined)}
      >
        <SecretInput
          value={value}
          onChange={onChange}
          autoFocus={autoFocus}
          readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
        />
      </Field>
      <Button
        className="mt-2"
        size="sm"
        icon={<ExternalLinkIcon />}
        disabled={url === undefined}
        loading={openPage.isPending}
        onClick={() => {
          if (url !== undefined) openPage.mutate({ url })
        }}
      >
        Open token page
      </Button>
    </div>
  )
}
