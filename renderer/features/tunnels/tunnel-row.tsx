import { plainText } from '../../lib/plain-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { TextButton } from '../../ui/button.tsx'
import { CardRow } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/code.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ArrowRightIcon, EllipsisIcon, ExternalLinkIcon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Switch } from '../../ui/switch.tsx'
import { RelativeTime } from '../../ui/time.tsx'
import { addressOf, type TunnelView } from './tunnel-end.ts'
import { connectionsWords, kindWords, routeWords, stateWords, trafficWords } from './tunnel-words.ts'
import { onTunnelError, useTunnelChanges, type TunnelChanges } from './use-tunnels.ts'

export interface TunnelRowProps {
  readonly tunnel: TunnelView
  readonly onEdit: (tunnel: TunnelView) => void
}

/** One tunnel: on or off, where it is, how it is, and what went over it. */
export function TunnelRow({ tunnel, onEdit }: TunnelRowProps) {
  const changes = useTunnelChanges()
  const { setEnabled, retry } = changes
  const { id, enabled, title } = tunnel
  const words = stateWords(tunnel)
  const name = plainText(title, 80)
  return (
    <CardRow className="flex-wrap gap-x-3 gap-y-1 py-2">
      <Switch
        aria-label={`${name} of ${tunnel.workspaceName}`}
        checked={setEnabled.isPending ? setEnabled.variables.enabled : enabled}
        disabled={setEnabled.isPending}
        onChange={(next) => setEnabled.mutate({ id, enabled: next }, { onError: onTunnelError })}
      />
      <div className="min-w-0 flex-[1_1_240px]">
        <div className="flex min-w-0 items-center gap-2">
          <span className="cut font-medium copyable">{name}</span>
          <Badge>{kindWords[tunnel.draft.kind]}</Badge>
          {tunnel.draft.https ? <Badge>HTTPS</Badge> : null}
        </div>
        <Route tunnel={tunnel} />
      </div>
      <StatusMark status={words.status} label={words.label} className="w-20 flex-none" />
      <Traffic tunnel={tunnel} />
      <RowActions tunnel={tunnel} changes={changes} onEdit={onEdit} canRetry={words.canRetry} />
      {words.reason === undefined ? null : (
        <p className="flex w-full gap-2 pl-10 text-sm text-fg-2">
          <span className="min-w-0 copyable">{words.reason}</span>
          {words.canRetry ? (
            <TextButton onClick={() => retry.mutate({ id }, { onError: onTunnelError })}>
              Try again
            </TextButton>
          ) : null}
        </p>
      )}
      <LastError tunnel={tunnel} />
    </CardRow>
  )
}

function Route({ tunnel }: { readonly tunnel: TunnelView }) {
  const { from, to } = routeWords(tunnel)
  return (
    <div className="flex min-w-0 items-center gap-1.5 text-sm text-fg-3">
      <span className="max-w-60 flex-none cut code-text text-fg-2 copyable">{from}</span>
      <ArrowRightIcon className="size-3 flex-none" aria-label="leads to" />
      <span className="cut code-text copyable">{to}</span>
    </div>
  )
}

function Traffic({ tunnel }: { readonly tunnel: TunnelView }) {
  const { shown, read } = trafficWords(tunnel)
  const hasTraffic = tunnel.traffic.connections > 0
  return (
    <div
      className="num w-32 flex-none text-right text-sm text-fg-3"
      title={`${read}; ${connectionsWords(tunnel)}`}
    >
      {hasTraffic ? (
        <>
          <span className="sr-only">{read}</span>
          <span aria-hidden="true" className="block whitespace-pre text-fg-2">
            {shown}
          </span>
          <span className="block">{connectionsWords(tunnel)}</span>
        </>
      ) : tunnel.enabled ? (
        'No connection yet'
      ) : null}
    </div>
  )
}

function LastError({ tunnel: { lastError, traffic, enabled } }: { readonly tunnel: TunnelView }) {
  if (lastError === null || !enabled) return null
  const more = traffic.errors > 1 ? `, ${traffic.errors.toLocaleString('en')} in all` : ''
  return (
    <p className="w-full pl-10 text-sm text-warn-fg copyable">
      {plainText(lastError.message, 300)}{' '}
      <span className="text-fg-3">
        <RelativeTime value={new Date(lastError.at).toISOString()} />
        {more}
      </span>
    </p>
  )
}

interface RowActionsProps extends TunnelRowProps {
  readonly changes: TunnelChanges
  readonly canRetry: boolean
}

function RowActions({ tunnel, changes, onEdit, canRetry }: RowActionsProps) {
  const { id, listening, url, title } = tunnel
  const { open, retry, removeWithUndo } = changes
  return (
    <div className="flex w-[84px] flex-none justify-end">
      {listening === null || tunnel.draft.kind === 'remote' ? null : (
        <CopyButton
          size="md"
          text={tunnel.draft.https && url !== null ? url : addressOf(listening)}
          label="Copy the address"
        />
      )}
      {url === null ? null : (
        <IconButton
          label="Open in the browser"
          icon={<ExternalLinkIcon />}
          loading={open.isPending}
          onClick={() => open.mutate({ id }, { onError: onTunnelError })}
        />
      )}
      <Menu
        align="end"
        trigger={<IconButton label={`More for ${plainText(title, 80)}`} icon={<EllipsisIcon />} />}
        items={[
          { label: 'Edit…', onSelect: () => onEdit(tunnel) },
          ...(canRetry
            ? [{ label: 'Try again', onSelect: () => retry.mutate({ id }, { onError: onTunnelError }) }]
            : []),
          { kind: 'separator' },
          { label: 'Delete', onSelect: () => removeWithUndo(tunnel) },
        ]}
      />
    </div>
  )
}
