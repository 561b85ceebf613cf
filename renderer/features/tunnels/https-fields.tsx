import { useApi } from '../../api/api-context.tsx'
import { useChange } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toast-store.ts'
import type { TunnelForm } from './tunnel-form.ts'
import { onTunnelError } from './use-tunnels.ts'

export interface HttpsFieldsProps {
  readonly form: TunnelForm
  readonly onChange: (change: Partial<TunnelForm>) => void
  readonly hasAuthority: boolean
  readonly problem: string | undefined
}

/** HTTPS for an app that needs a secure context, with consent to the authority it takes. */
export function HttpsFields({ form, onChange, hasAuthority, problem }: HttpsFieldsProps) {
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label="Serve as HTTPS"
        help="For apps that ask for a secure context. The app in the workspace goes on speaking plain HTTP."
        checked={form.https}
        onChange={(https) => onChange({ https })}
      />
      {form.https ? (
        <div className="ml-9 flex flex-col gap-2 rounded-md bg-idle-bg p-3 hc-edge">
          {hasAuthority ? (
            <SaveAuthority />
          ) : (
            <>
              <p className="text-fg-2">
                This needs a certificate authority on this computer. Its key stays in the keychain, and it is
                good for names below <span className="code-text">localhost</span> only. Browsers warn until
                you add its certificate to the system’s list yourself; Outpost never does that.
              </p>
              <Checkbox
                label="Make the authority"
                checked={form.consent}
                onChange={(consent) => onChange({ consent })}
              />
              {problem === undefined ? null : (
                <p role="alert" className="text-sm text-bad-fg">
                  {problem}
                </p>
              )}
            </>
          )}
        </div>
      ) : null}
    </div>
  )
}

/** The certificate for the system's list. */
function SaveAuthority() {
  const { client } = useApi()
  const save = useChange('app.saveText')
  const onSave = (): void => {
    client.call('tunnels.authority', {}).then(
      ({ certificate }) =>
        save.mutate(
          { suggestedName: 'outpost-tunnels.pem', text: certificate },
          {
            onError: onTunnelError,
            onSuccess: ({ saved }) => {
              if (saved) toast({ tone: 'ok', title: 'The certificate is saved' })
            },
          },
        ),
      onTunnelError,
    )
  }
  return (
    <>
      <p className="text-fg-2">
        Browsers warn until the authority’s certificate is in the system’s list of trusted ones. Save it and
        add it there; whoever trusts it trusts this computer’s tunnels, and nothing else.
      </p>
      <div>
        <Button size="sm" loading={save.isPending} onClick={onSave}>
          Save the certificate…
        </Button>
      </div>
    </>
  )
}
