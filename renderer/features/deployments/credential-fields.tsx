import type { SignInMethods } from '#ipc/sign-in-input'
import { useApi } from '../../api/api-context.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import {
  methodOf,
  waysOf,
  type CredentialDraft,
  type CredentialProblems,
  type SignInMethod,
} from './credential-draft.ts'
import { TokenField } from './token-field.tsx'

export interface CredentialFieldsProps {
  /** The deployment's address once it is known to be one. */
  readonly url: string | undefined
  readonly methods: SignInMethods
  readonly draft: CredentialDraft
  readonly onChange: (draft: CredentialDraft) => void
  readonly problems: CredentialProblems
  /** The browser is at work: another way cannot be chosen now. */
  readonly busy?: boolean
  readonly autoFocus?: boolean
}

const labels: Readonly<Record<SignInMethod, string>> = {
  browser: 'Browser',
  token: 'Token',
  password: 'Password',
}

/** The ways to sign in that a deployment has, and the fields of the one that is chosen. */
export function CredentialFields(props: CredentialFieldsProps) {
  const { methods, draft, onChange, busy = false } = props
  const ways = waysOf(methods)
  const method = methodOf(draft, methods)
  return (
    <div className="flex flex-col gap-4">
      {ways.length < 2 ? null : (
        <div>
          <div className="mb-1.5 font-medium" aria-hidden>
            Sign in with
          </div>
          <Segmented
            aria-label="Sign in with"
            options={ways.map((value) => ({ value, label: labels[value] }))}
            value={method}
            onChange={(chosen) => {
              if (!busy) onChange({ ...draft, chosen })
            }}
          />
        </div>
      )}
      <MethodFields {...props} method={method} />
    </div>
  )
}

function MethodFields({
  url,
  draft,
  onChange,
  problems,
  autoFocus,
  method,
}: CredentialFieldsProps & { readonly method: SignInMethod }) {
  const { client } = useApi()
  switch (method) {
    case 'browser':
      return (
        <p className="text-fg-2">
          Your browser opens the sign-in page of the deployment. Outpost gets a session from it and keeps that
          in the system keychain; it never sees your password.
        </p>
      )
    case 'token':
      return (
        <TokenField
          url={url}
          autoFocus={autoFocus === true}
          value={draft.token}
          onChange={(token) => onChange({ ...draft, token })}
          error={problems.token}
        />
      )
    case 'password':
      return (
        <>
          <Field label="Email" error={problems.email}>
            <Input
              type="email"
              value={draft.email}
              maxLength={254}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onChange({ ...draft, email: event.target.value })}
            />
          </Field>
          <Field
            label="Password"
            help="Used once to sign in, and kept nowhere. The session it gives is kept in the system keychain."
            error={problems.password}
          >
            <SecretInput
              value={draft.password}
              maxLength={1024}
              readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
              onChange={(password) => onChange({ ...draft, password })}
            />
          </Field>
        </>
      )
  }
}
