import { errorWords } from '../../api/error-words.ts'
import { Button } from '../../ui/button.tsx'
import { CardRow } from '../../ui/card.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { CopyIcon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Switch } from '../../ui/switch.tsx'
import { toast } from '../../ui/toast-store.ts'
import { callsWords, gatewayWords } from './gateway-words.ts'
import { useGatewayChanges, type GatewayRowData, type HeaderGateway } from './use-header-gateways.ts'

export interface GatewayRowProps extends GatewayRowData {
  readonly deploymentId: string
  readonly serverId: string
}

interface RowContext {
  readonly place: { readonly deploymentId: string; readonly serverId: string; readonly workspaceId: string }
  readonly changes: ReturnType<typeof useGatewayChanges>
}

const onError = (error: Error) => toast({ tone: 'bad', title: errorWords(error).message })

/** One workspace: whether it has the gateway, where it finds it and how much it is used. */
export function GatewayRow({ deploymentId, serverId, workspaceId, name, gateway }: GatewayRowProps) {
  const changes = useGatewayChanges()
  const { set } = changes
  const context: RowContext = { place: { deploymentId, serverId, workspaceId }, changes }
  const isOn = set.isPending ? set.variables.enabled : gateway !== undefined
  return (
    <CardRow className="min-h-9 flex-wrap gap-x-3 py-1">
      <Switch
        aria-label={`Header gateway for ${name ?? `workspace ${workspaceId}`}`}
        checked={isOn}
        disabled={set.isPending}
        onChange={(enabled) => set.mutate({ ...context.place, enabled }, { onError })}
      />
      {name === undefined ? (
        <span className="cut w-36 flex-none text-fg-3" title={workspaceId}>
          Workspace not found
        </span>
      ) : (
        <span className="cut w-36 flex-none font-medium copyable">{name}</span>
      )}
      {gateway === undefined ? (
        <span className="text-fg-3">{isOn ? 'Opening' : 'Off'}</span>
      ) : (
        <State gateway={gateway} {...context} />
      )}
    </CardRow>
  )
}

function State({ gateway, ...context }: RowContext & { readonly gateway: HeaderGateway }) {
  const { state, problem, configProblem } = gateway
  const trouble = [problem?.message, configProblem].filter((text) => text !== undefined && text !== null)
  return (
    <>
      {state.kind === 'open' ? (
        <>
          <span className="cut min-w-0 flex-1 font-mono text-fg-2 copyable">{state.address}</span>
          <span className="tabular-nums text-sm text-fg-3">{callsWords(gateway.callsToday)}</span>
          <CopyMenu {...context} />
        </>
      ) : (
        <Closed state={state} {...context} />
      )}
      {trouble.map((text) => (
        <p key={text} role="alert" className="w-full pl-10 text-sm text-warn-fg copyable">
          {text}
        </p>
      ))}
    </>
  )
}

function Closed({
  state,
  place,
  changes: { retry, allow },
}: RowContext & { readonly state: Exclude<HeaderGateway['state'], { kind: 'open' }> }) {
  const words = gatewayWords(state)
  return (
    <>
      <span className="min-w-0 flex-1 text-fg-2" title={words.text}>
        <StatusMark status={words.status} label={words.text} className="max-w-full" />
      </span>
      {state.kind === 'blocked' && state.address !== undefined ? (
        <Allow address={state.address} place={place} allow={allow} />
      ) : words.canRetry ? (
        <Button variant="ghost" loading={retry.isPending} onClick={() => retry.mutate(place, { onError })}>
          Try again
        </Button>
      ) : (
        <span className="text-sm text-fg-3">{words.short}</span>
      )}
    </>
  )
}

/** The server moved: the values follow it when the user says so. */
function Allow({
  address,
  place: { deploymentId, serverId },
  allow,
}: Pick<RowContext, 'place'> & { readonly address: string; readonly allow: RowContext['changes']['allow'] }) {
  return (
    <Button
      variant="ghost"
      loading={allow.isPending}
      onClick={() => allow.mutate({ deploymentId, serverId, address }, { onError })}
    >
      Allow the new address
    </Button>
  )
}

/** Main puts it onto the clipboard: the token in it never comes here. */
function CopyMenu({ place, changes: { copy } }: RowContext) {
  const put = (format: 'mcp_json' | 'environment', what: string) => () =>
    copy.mutate({ ...place, format }, { onError, onSuccess: () => toast({ title: `${what} copied` }) })
  return (
    <Menu
      align="end"
      trigger={<IconButton label="Copy the configuration" icon={<CopyIcon />} loading={copy.isPending} />}
      items={[
        { label: 'Copy for .mcp.json', onSelect: put('mcp_json', 'Entry for .mcp.json') },
        { label: 'Copy as environment', onSelect: put('environment', 'Variables') },
      ]}
    />
  )
}
