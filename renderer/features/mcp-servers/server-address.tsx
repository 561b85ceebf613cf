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
  const cache = useQueryClient()
  const onSettled = () => {
    forgetTest(deploymentId, serverId)
    return cache.invalidateQueries({ queryKey: ['mcpServers.addresses', { deploymentId }] })
  }
  const set = useChange('mcpServers.setAddress', { onSettled })
  const clear = useChange('mcpServers.clearAddress', { onSettled })
  const [typed, setTyped] = useState<Partial<Address>>({})
  const saved = addresses.data?.byServer[serverId]
  const url = typed.url ?? saved?.url ?? ''
  const transport = typed.transport ?? saved?.transport ?? 'streamable_http'
  const isChanged = url !== (saved?.url ?? '') || (saved !== undefined && transport !== saved.transport)
  const failure = set.error ?? clear.error ?? addresses.error
  return (
    <Card title="Address" meta="For connections from this computer">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (url.trim() === '' || !isChanged) return
          set.mutate(
            { deploymentId, serverId, address: { url, transport } },
            { onSuccess: () => setTyped({}) },
          )
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
          <span className="ml-auto flex gap-2">
            {saved === undefined || isChanged ? null : (
              <Button
                variant="ghost"
                loading={clear.isPending}
                onClick={() => clear.mutate({ deploymentId, serverId })}
              >
                Forget it
              </Button>
            )}
            {isChanged && url.trim() !== '' ? (
              <Button type="submit" variant="primary" loading={set.isPending}>
                Save
              </Button>
            ) : null}
          </span>
        </div>
      </form>
    </Card>
  )
}
