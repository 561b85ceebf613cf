import { Field } from '../../ui/field.tsx'
import { RadioCards } from '../../ui/radio-cards.tsx'
import { SecretField } from './secret-field.tsx'
import { TextField } from './text-field.tsx'
import type { ServerForm } from './use-server-form.ts'

interface FieldsProps {
  readonly form: ServerForm
}

/** The client at an OAuth2 provider, typed or found. */
export function OAuth2Fields({ form }: FieldsProps) {
  const { base, draft, secrets } = form
  const stored = base?.auth_type === 'oauth2' && base.has_oauth2_secret
  return (
    <>
      <Field label="Provider">
        <RadioCards
          options={[
            {
              value: 'discover',
              label: 'Find it',
              description: 'The server says who signs users in, and the deployment registers there',
            },
            { value: 'manual', label: 'Type it', description: 'A client that you have registered yourself' },
          ]}
          value={draft.discovers ? 'discover' : 'manual'}
          onChange={(choice) => form.change({ discovers: choice === 'discover' })}
        />
      </Field>
      <div className="grid gap-4 @xl:grid-cols-2">
        {draft.discovers ? null : (
          <>
            <TextField form={form} name="oauth2_client_id" label="Client id" mono />
            <SecretField
              label="Client secret"
              optional
              help="Write-only: nobody can read it afterwards."
              error={form.error('oauth2_client_secret')}
              value={secrets.clientSecret}
              stored={stored}
              removable
              onChange={(clientSecret) => form.changeSecrets({ clientSecret })}
            />
            <TextField
              form={form}
              name="oauth2_auth_url"
              label="Authorization URL"
              mono
              placeholder="https://"
            />
            <TextField form={form} name="oauth2_token_url" label="Token URL" mono placeholder="https://" />
          </>
        )}
        <TextField
          form={form}
          name="oauth2_scopes"
          label="Scopes"
          optional
          mono
          help="With spaces between them."
        />
      </div>
    </>
  )
}

/** One key for all, in one header. */
export function ApiKeyFields({ form }: FieldsProps) {
  const { base, secrets } = form
  return (
    <div className="grid gap-4 @xl:grid-cols-2">
      <TextField form={form} name="api_key_header" label="Header" mono placeholder="Authorization" />
      <SecretField
        label="Value"
        help="Write-only: nobody can read it afterwards."
        error={form.error('api_key_value')}
        value={secrets.apiKey}
        stored={base?.auth_type === 'api_key' && base.has_api_key}
        onChange={(apiKey) => form.changeSecrets({ apiKey })}
        onBlur={() => form.touch('api_key_value')}
      />
    </div>
  )
}
