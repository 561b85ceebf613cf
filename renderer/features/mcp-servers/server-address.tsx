import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { errorWords } from '../../api/error-words.ts'
import type { Input as ProcedureInput } from '../../api/procedure-types.ts'
import { useChange, useRead } from '../../api/use-call.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { Field } from '../../ui/field.tsx'
import { Input } from '../../ui/input.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { forgetTest } from './connection-tests.ts'

type Address = ProcedureInput<'mcpServers.setAddress'>['address']

const transports = [
  { value: 'streamable_http', label: 'Streamable HTTP' },
  { value: 'sse', label: 'SSE' },
] as const

export interface ServerAddressProps {
  readonly deploymentId: string
  readonly serverId: string
}

/** Where the server is, from a user to whom the deployment does not tell it. Only this computer uses it. */
export function ServerAddress({ deploymentId, serverId }: ServerAddressProps) {
  const addresses = useRead('mcpServers.addresses', { deploymentId })
  return (
    <Card title="Address" meta="For connections from this computer">
      {addresses.isError ? (
        <p className="text-bad-fg">{errorWords(addresses.error).message}</p>
      ) : (
        <AddressForm
          deploymentId={deploymentId}
          serverId={serverId}
          saved={addresses.data?.byServer[serverId]}
        />
      )}
    </Card>
  )
}

const EMPTY: Address = { url: '', transport: 'streamable_http' }

function AddressForm({
  deploymentId,
  serverId,
  saved,
}: ServerAddressProps & { readonly saved: Address | undefined }) {
  const { set, clear } = useAddressChanges(deploymentId, serverId)
  const [typed, setTyped] = useState<Partial<Address>>({})
  const kept = saved ?? EMPTY
  const { url, transport } = { ...kept, ...typed }
  const isChanged = url !== kept.url || transport !== kept.transport
  const maySave = isChanged && url.trim() !== ''
  const failure = set.error ?? clear.error
  const submit = () =>
    set.mutate({ deploymentId, serverId, address: { url, transport } }, { onSuccess: () => setTyped({}) })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (maySave) submit()
      }}
    >
      <Field
        label="Address of the server"
        hideLabel
        help="The deployment tells it to administrators only. Ask one for it; it is kept on this computer and needed for tests and the gateway alone."
        error={failure === null ? undefined : errorWords(failure).message}
      >
        <Input
          mono
          value={url}
          placeholder="https://mcp.example.com/mcp"
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setTyped({ ...typed, url: event.target.value })}
        />
      </Field>
      <div className="mt-2.5 flex flex-wrap items-center gap-2">
        <Segmented
          aria-label="Transport"
          options={transports}
          value={transport}
          onChange={(next) => setTyped({ ...typed, transport: next })}
        />
        {saved !== undefined && !isChanged ? (
          <Button
            variant="ghost"
            className="ml-auto"
            loading={clear.isPending}
            onClick={() => clear.mutate({ deploymentId, serverId })}
          >
            Forget it
          </Button>
        ) : null}
        {maySave ? (
          <Button type="submit" variant="primary" className="ml-auto" loading={set.isPending}>
            Save
          </Button>
        ) : null}
      </div>
    </form>
  )
}

function useAddressChanges(deploymentId: string, serverId: string) {
  const cache = useQueryClient()
  const onSettled = () => {
    forgetTest(deploymentId, serverId)
    return cache.invalidateQueries({ queryKey: ['mcpServers.addresses', { deploymentId }] })
  }
  return {
    set: useChange('mcpServers.setAddress', { onSettled }),
    clear: useChange('mcpServers.clearAddress', { onSettled }),
  }
}
