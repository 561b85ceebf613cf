import { useApi } from '../../api/api-context.tsx'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { RadioCards } from '../../ui/radio-cards.tsx'
import { SecretInput } from '../../ui/secret-input.tsx'
import { problemsOf, type NetworkDraft } from './network-draft.ts'
import { NetworkFileField } from './network-file-field.tsx'

export interface NetworkFieldsProps {
  readonly draft: NetworkDraft
  readonly onChange: (draft: NetworkDraft) => void
  /** What the system's proxy settings say now, in words. */
  readonly systemWords?: string | undefined
}

const modes = [
  {
    value: 'system',
    label: 'As the system has it',
    description: 'Its proxy settings, a PAC file among them',
  },
  { value: 'manual', label: 'This proxy', description: 'HTTP, HTTPS or SOCKS 5' },
  { value: 'none', label: 'No proxy' },
] as const

/** How a deployment is reached: proxy, certificates, headers. */
export function NetworkFields(props: NetworkFieldsProps) {
  return (
    <div className="flex flex-col gap-6">
      <ProxyFields {...props} />
      <CertificateFields {...props} />
      <HeaderField {...props} />
    </div>
  )
}

function ProxyFields({ draft, onChange, systemWords }: NetworkFieldsProps) {
  const set = (change: Partial<NetworkDraft>): void => onChange({ ...draft, ...change })
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 font-semibold">Proxy</legend>
      <RadioCards
        aria-label="Proxy"
        columns={1}
        options={modes}
        value={draft.proxyMode}
        onChange={(proxyMode) => set({ proxyMode })}
      />
      {draft.proxyMode === 'system' && systemWords !== undefined ? (
        <p className="text-sm text-fg-3 copyable">{systemWords}</p>
      ) : null}
      {draft.proxyMode === 'manual' ? (
        <>
          <Field
            label="Proxy address"
            error={problemsOf(draft).proxyUrl}
            help="Such as http://proxy.example.com:3128 or socks5://127.0.0.1:1080"
          >
            <Input
              mono
              value={draft.proxyUrl}
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => set({ proxyUrl: event.target.value.trim() })}
            />
          </Field>
          <Field
            label="Without the proxy"
            optional
            help="Hosts, .domains, addresses and ranges such as 10.0.0.0/8, separated by commas. This computer is left out, unless <-loopback> is listed."
          >
            <Input
              mono
              value={draft.bypass}
              spellCheck={false}
              onChange={(event) => set({ bypass: event.target.value })}
            />
          </Field>
        </>
      ) : null}
      {draft.proxyMode === 'none' ? null : <CredentialFields draft={draft} onChange={onChange} />}
    </fieldset>
  )
}

function CredentialFields({ draft, onChange }: Omit<NetworkFieldsProps, 'systemWords'>) {
  const { client } = useApi()
  const { username, password, keepsCredentials } = draft
  return (
    <>
      <div className="grid grid-cols-1 gap-4 @sm:grid-cols-2">
        <Field label="Proxy user name" optional>
          <Input
            value={username}
            autoComplete="off"
            spellCheck={false}
            maxLength={255}
            placeholder={keepsCredentials ? 'Saved, type to replace it' : ''}
            onChange={(event) => onChange({ ...draft, username: event.target.value })}
          />
        </Field>
        <Field label="Proxy password" optional error={problemsOf(draft).password}>
          <SecretInput
            value={password}
            stored={keepsCredentials && username === ''}
            maxLength={255}
            onChange={(next) => onChange({ ...draft, password: next })}
            readClipboard={async () => (await client.call('app.readClipboardText', {})).text}
          />
        </Field>
      </div>
      {keepsCredentials ? (
        <div>
          <Button size="sm" onClick={() => onChange({ ...draft, keepsCredentials: false })}>
            Forget the saved user name and password
          </Button>
        </div>
      ) : null}
    </>
  )
}

function CertificateFields({ draft, onChange }: NetworkFieldsProps) {
  const set = (change: Partial<NetworkDraft>): void => onChange({ ...draft, ...change })
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-2 font-semibold">Certificates</legend>
      <NetworkFileField
        purpose="ca"
        label="CA file"
        help="The authority of your organization, in PEM form. The usual ones stay trusted."
        value={draft.ca}
        onChange={(ca) => set({ ca })}
      />
      <NetworkFileField
        purpose="cert"
        label="Client certificate"
        help="Yours, in PEM form, where the deployment asks for one."
        value={draft.cert}
        onChange={(cert) => set({ cert })}
      />
      <NetworkFileField
        purpose="key"
        label="Key of the client certificate"
        help="Not needed when the key is in the same file."
        value={draft.key}
        onChange={(key) => set({ key })}
      />
      <Field
        label="Server name"
        optional
        help="The name its certificate is for, where the address differs."
        error={problemsOf(draft).serverName}
      >
        <Input
          mono
          value={draft.serverName}
          spellCheck={false}
          maxLength={253}
          onChange={(event) => set({ serverName: event.target.value.trim() })}
        />
      </Field>
      <Field
        label="Command that renews the client certificate"
        optional
        help="Run once when it has expired; it writes the files anew."
      >
        <Input
          mono
          value={draft.refreshCommand}
          spellCheck={false}
          maxLength={1500}
          onChange={(event) => set({ refreshCommand: event.target.value })}
        />
      </Field>
    </fieldset>
  )
}

function HeaderField({ draft, onChange }: NetworkFieldsProps) {
  return (
    <fieldset>
      <legend className="mb-2 font-semibold">Headers</legend>
      <Field
        label="Header command"
        optional
        help="Prints a line name=value for each header. They go to this deployment and nowhere else; CODER_URL holds its address."
      >
        <Input
          mono
          value={draft.headerCommand}
          spellCheck={false}
          maxLength={1500}
          onChange={(event) => onChange({ ...draft, headerCommand: event.target.value })}
        />
      </Field>
    </fieldset>
  )
}
