import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Select } from '../../ui/select.tsx'
import { ApiKeyFields, OAuth2Fields } from './credential-fields.tsx'
import { FixedHeaders } from './fixed-headers.tsx'
import { saveEffects } from './save-effects.ts'
import { UserKeys } from './user-keys.tsx'
import type { ServerForm } from './use-server-form.ts'

const authTypes = [
  { value: 'none', label: 'None', description: 'Anybody may use it' },
  { value: 'oauth2', label: 'OAuth2', description: 'Each user signs in in the browser' },
  { value: 'api_key', label: 'API key', description: 'One header with one key, the same for all' },
  {
    value: 'custom_headers',
    label: 'Custom headers',
    description: 'Headers you set for all, and ones whose values each user owns',
  },
  {
    value: 'user_oidc',
    label: 'OpenID',
    description: 'The token of the user’s own sign-in to the deployment',
  },
]

export interface SignInSectionProps {
  readonly form: ServerForm
  /** The deployment keeps header values of users. */
  readonly hasUserKeys: boolean
}

/** How the server is signed in to: the type, and what that type needs. */
export function SignInSection({ form, hasUserKeys }: SignInSectionProps) {
  const { base, draft } = form
  const effects = base === null ? undefined : saveEffects(base, draft, form.userCount)
  return (
    <Card title="Sign-in">
      <div className="flex flex-col gap-4">
        <Field label="How the deployment signs in to it" help={helpOf(draft.auth_type)}>
          <Select
            options={authTypes}
            value={draft.auth_type}
            onChange={(authType) => form.change({ auth_type: authType })}
          />
        </Field>
        {effects === undefined ? null : (
          <Notice tone="warn" title={effects.sentences[0]}>
            {effects.sentences.slice(1).join(' ')}
          </Notice>
        )}
        {draft.auth_type === 'oauth2' ? <OAuth2Fields form={form} /> : null}
        {draft.auth_type === 'api_key' ? <ApiKeyFields form={form} /> : null}
        {draft.auth_type === 'custom_headers' ? (
          <>
            <FixedHeaders form={form} />
            {hasUserKeys ? (
              <UserKeys form={form} />
            ) : (
              <Notice>
                This deployment does not keep header values of users, so every header is one you set for all.
              </Notice>
            )}
          </>
        ) : null}
      </div>
    </Card>
  )
}

function helpOf(authType: string): string | undefined {
  return authTypes.find(({ value }) => value === authType)?.description
}
