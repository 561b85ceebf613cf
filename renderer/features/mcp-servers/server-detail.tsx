import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { PlugIcon, ZapIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { toast } from '../../ui/toast-store.ts'
import { GatewayCard } from '../header-gateway/index.ts'
import { ServerActions } from '../mcp-server-admin/index.ts'
import { allowAddress, forgetTest, runTest, useConnectionTest } from './connection-tests.ts'
import { HeaderFields } from './header-fields.tsx'
import { LastTest } from './last-test.tsx'
import { SaveAll } from './save-all.tsx'
import { ServerAddress } from './server-address.tsx'
import { ServerSignIn } from './server-sign-in.tsx'
import { canBeTested, inWords, lostOnServer, nameOf, serverWords } from './server-words.ts'
import { useHeaderChanges, type McpServerEntry, type McpServersAnswer } from './use-mcp-servers.ts'
import { useSeenHeaders } from './use-seen-headers.ts'

export interface ServerDetailProps {
  readonly deploymentId: string
  readonly deploymentName: string
  readonly entry: McpServerEntry
  readonly vault: McpServersAnswer['vault']
  /** The deployment only shows it: nothing but a sign-in can be done from here. */
  readonly readOnly: boolean
  /** The one who looks at it deleted it. */
  readonly onDeleted: () => void
}

/** One MCP server: its state, what drifted apart, and the user's headers. */
export function ServerDetail({
  deploymentId,
  deploymentName,
  entry,
  vault,
  readOnly,
  onDeleted,
}: ServerDetailProps) {
  const { config, headers, leftOver } = entry
  const clear = useClear(deploymentId, entry)
  const { client } = useApi()
  useSeenHeaders(deploymentId, entry)
  const test = useConnectionTest(deploymentId, config.id)
  const words = serverWords(entry)
  const isTestable = canBeTested(entry) && !readOnly
  return (
    <div className="flex max-w-[820px] flex-col gap-4 p-5">
      <header className="flex items-center gap-3">
        <span className="grid size-9 flex-none place-items-center rounded-lg bg-idle-bg text-fg-2">
          <PlugIcon />
        </span>
        <div className="min-w-0 flex-1">
          <h2 className="cut text-lg font-semibold copyable">{nameOf(config)}</h2>
          {config.description === '' ? null : (
            <p className="line-clamp-2 text-sm text-fg-2 copyable">{plainText(config.description, 500)}</p>
          )}
        </div>
        <StatusMark status={words.status} label={words.label} className="max-mid:hidden" />
        {isTestable ? (
          <Button
            icon={<ZapIcon />}
            loading={test?.kind === 'running'}
            onClick={() => void runTest(client, deploymentId, config.id)}
          >
            Test connection
          </Button>
        ) : null}
        <ServerActions deploymentId={deploymentId} config={config} onDeleted={onDeleted} />
      </header>
      <Vault vault={vault} needed={headers.length > 0} />
      <Drift deploymentId={deploymentId} deploymentName={deploymentName} entry={entry} />
      <LeftOver names={leftOver} clear={clear} />
      {clear.error === undefined ? null : <Notice tone="bad">{clear.error}</Notice>}
      {readOnly && config.auth_type !== 'oauth2' ? null : (
        <Headers deploymentId={deploymentId} entry={entry} vault={vault} clear={clear} />
      )}
      {test === undefined ? null : (
        <LastTest
          name={nameOf(config)}
          test={test}
          onAllow={(address) => void allowAddress(client, deploymentId, config.id, address)}
        />
      )}
      {isTestable && config.url === '' ? (
        <ServerAddress deploymentId={deploymentId} serverId={config.id} />
      ) : null}
      <Tools entry={entry} />
      {readOnly ? null : <GatewayCard deploymentId={deploymentId} config={config} />}
    </div>
  )
}

/** The user's headers, or what there is in place of them. */
function Headers({
  deploymentId,
  entry,
  vault,
  clear,
}: Pick<ServerDetailProps, 'deploymentId' | 'entry' | 'vault'> & {
  readonly clear: ReturnType<typeof useClear>
}) {
  const { config, headers } = entry
  if (headers.length === 0) return <NoHeaders deploymentId={deploymentId} config={config} />
  const stored = headers
    .filter(({ inVault, onServer }) => inVault || onServer === true)
    .map(({ name }) => name)
  return (
    <Card
      title="Your headers"
      meta="Only you can use them. Nobody can read them."
      flush
      actions={
        <>
          <SaveAll deploymentId={deploymentId} entry={entry} />
          {stored.length === 0 ? null : (
            <Button variant="ghost" loading={clear.isPending} onClick={() => clear.run(stored)}>
              Clear all
            </Button>
          )}
        </>
      }
    >
      <HeaderFields
        deploymentId={deploymentId}
        entry={entry}
        disabled={vault !== 'ready' || !config.enabled}
        onClear={(name) => clear.run([name])}
      />
    </Card>
  )
}

/** What an administrator renamed or removed, and the vault still has. */
function LeftOver({
  names,
  clear,
}: {
  readonly names: readonly string[]
  readonly clear: ReturnType<typeof useClear>
}) {
  if (names.length === 0) return null
  return (
    <Notice
      title={`${inWords(names)} ${names.length === 1 ? 'is' : 'are'} not asked for any more`}
      actions={
        <Button loading={clear.isPending} onClick={() => clear.run(names)}>
          Remove from the vault
        </Button>
      }
    >
      The administrator renamed or removed it. Your value is still in the vault on this computer.
    </Notice>
  )
}

function Vault({ vault, needed }: Pick<ServerDetailProps, 'vault'> & { readonly needed: boolean }) {
  if (vault === 'ready' || !needed) return null
  return (
    <Notice tone="warn">
      {vault === 'locked'
        ? 'The keychain is locked: what lies on the server is shown. Unlock it to see your vault, and to save or clear values.'
        : 'There is no keychain that works, so values can be neither kept nor cleared. Settings, Keychain says what to do.'}
    </Notice>
  )
}

/** Clears values, and offers to take that back. */
function useClear(deploymentId: string, { config }: McpServerEntry) {
  const { clear, undo } = useHeaderChanges(deploymentId)
  // Promises, since callbacks of a call are skipped once the user looks at another page.
  const takeBack = (undoId: string) =>
    void undo
      .mutateAsync({ undoId })
      .catch((error: unknown) => toast({ tone: 'bad', title: errorWords(error).message }))
  return {
    isPending: clear.isPending,
    error: clear.isError ? errorWords(clear.error).message : undefined,
    run: (names: readonly string[]) =>
      void clear.mutateAsync({ deploymentId, serverId: config.id, names: [...names] }).then(
        ({ undoId }) => {
          forgetTest(deploymentId, config.id)
          toast({
            title: `${inWords(names)} cleared`,
            ...(undoId === null
              ? { detail: 'The value lay on the server only, so this cannot be taken back.' }
              : { action: { label: 'Undo', onSelect: () => takeBack(undoId) } }),
          })
        },
        // The page shows it.
        () => undefined,
      ),
  }
}

/** The server lost what the vault still has: one press sends it again. */
function Drift({
  deploymentId,
  deploymentName,
  entry,
}: Pick<ServerDetailProps, 'deploymentId' | 'deploymentName' | 'entry'>) {
  const { push } = useHeaderChanges(deploymentId)
  const lost = lostOnServer(entry)
  if (lost.length === 0 || !entry.config.enabled) return null
  return (
    <Notice
      tone="warn"
      title={`${inWords(lost)} ${lost.length === 1 ? 'is' : 'are'} in your vault, but not on ${deploymentName}`}
      actions={
        <Button
          loading={push.isPending}
          onClick={() => push.mutate({ deploymentId, serverId: entry.config.id })}
        >
          {lost.length === 1 ? 'Send it again' : 'Send them again'}
        </Button>
      }
    >
      {push.isError
        ? errorWords(push.error).message
        : 'An administrator changed the headers, or another computer cleared the value.'}
    </Notice>
  )
}

function NoHeaders({
  deploymentId,
  config,
}: Pick<ServerDetailProps, 'deploymentId'> & Pick<McpServerEntry, 'config'>) {
  if (config.auth_type === 'oauth2') return <ServerSignIn deploymentId={deploymentId} config={config} />
  return (
    <Card>
      <p className="text-fg-2">
        {config.auth_type === 'user_oidc'
          ? 'This server uses the sign-in you have with the deployment. There is nothing to set.'
          : 'The administrator has set everything this server needs. There is nothing for you to set.'}
      </p>
    </Card>
  )
}

function Tools({ entry: { config } }: { readonly entry: McpServerEntry }) {
  const lists = [
    { label: 'Only these tools', names: config.tool_allow_list },
    { label: 'Never these tools', names: config.tool_allow_list.length > 0 ? [] : config.tool_deny_list },
  ].filter(({ names }) => names.length > 0)
  if (lists.length === 0) return null
  return (
    <Card title="Tools" flush>
      {lists.map(({ label, names }) => (
        <CardRow key={label}>
          <span className="w-32 flex-none text-fg-3">{label}</span>
          <span className="flex min-w-0 flex-wrap gap-1">
            {names.map((name) => (
              <Badge key={name}>
                <span className="cut max-w-60 font-mono">{name}</span>
              </Badge>
            ))}
          </span>
        </CardRow>
      ))}
    </Card>
  )
}
