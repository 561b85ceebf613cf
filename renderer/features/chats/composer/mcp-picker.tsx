import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../api/api-context.tsx'
import { Button } from '../../../ui/button.tsx'
import { LockIcon, PlugIcon } from '../../../ui/icons.tsx'
import { Switch } from '../../../ui/switch.tsx'
import {
  nameOf,
  runSignIn,
  serverWords,
  useRunsUnasked,
  useSignIn,
  type McpServerEntry,
} from '../../mcp-servers/index.ts'
import { useWindowActions } from '../../window/index.ts'
import { PickerPopover } from './picker-popover.tsx'

export interface McpPickerProps {
  readonly deploymentId: string
  readonly servers: readonly McpServerEntry[]
  readonly value: readonly string[]
  readonly onChange: (ids: readonly string[]) => void
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** The MCP servers whose tools the agent has; nothing where there are none. */
export function McpPicker({ deploymentId, servers, value, onChange, open, onOpenChange }: McpPickerProps) {
  const actions = useWindowActions()
  const runsUnasked = useRunsUnasked(deploymentId)
  const offered = servers.filter(({ config }) => config.enabled)
  if (offered.length === 0) return null
  const label = `${value.length} of ${offered.length} MCP`
  return (
    <PickerPopover
      label={`MCP servers: ${value.length} of ${offered.length}`}
      icon={<PlugIcon />}
      text={label}
      open={open}
      onOpenChange={onOpenChange}
    >
      <ul aria-label="MCP servers" className="max-h-[min(320px,45vh)] overflow-auto p-1">
        {offered.map((entry) => (
          <McpLine
            key={entry.config.id}
            deploymentId={deploymentId}
            entry={entry}
            isOn={value.includes(entry.config.id)}
            onToggle={(isOn) =>
              onChange(isOn ? [...value, entry.config.id] : value.filter((id) => id !== entry.config.id))
            }
          />
        ))}
      </ul>
      {runsUnasked ? (
        <p className="border-t border-line px-3 py-1.5 text-sm text-fg-3">
          Their tools run without asking you.
        </p>
      ) : null}
      <div className="border-t border-line p-1">
        <Button
          size="sm"
          variant="ghost"
          className="w-full justify-start"
          onClick={() => actions.goToSettings('mcp-servers')}
        >
          Settings of MCP servers
        </Button>
      </div>
    </PickerPopover>
  )
}

interface McpLineProps {
  readonly deploymentId: string
  readonly entry: McpServerEntry
  readonly isOn: boolean
  readonly onToggle: (isOn: boolean) => void
}

function McpLine({ deploymentId, entry, isOn, onToggle }: McpLineProps) {
  const { client } = useApi()
  const cache = useQueryClient()
  const actions = useWindowActions()
  const { config } = entry
  const name = nameOf(config)
  const words = serverWords(entry)
  const signIn = useSignIn(deploymentId, config.id)
  const isForced = config.availability === 'force_on'
  const begin = (): void => {
    void runSignIn(client, deploymentId, config.id).then(() =>
      cache.invalidateQueries({ queryKey: ['mcpServers.list', { deploymentId }] }),
    )
  }
  return (
    <li className="flex min-h-9 items-center gap-2 rounded-md px-2 py-1">
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="cut">{name}</span>
        {words.needsYou || signIn?.kind === 'failed' ? (
          <span className="cut text-sm text-fg-3">
            {signIn?.kind === 'failed' ? signIn.message : words.label}
          </span>
        ) : null}
      </span>
      {!words.needsYou ? null : config.auth_type !== 'oauth2' ? (
        <Button size="sm" onClick={() => actions.goToSettings('mcp-servers')}>
          Set up
        </Button>
      ) : signIn?.kind === 'waiting' ? (
        <Button size="sm" onClick={signIn.cancel}>
          Stop waiting
        </Button>
      ) : (
        <Button size="sm" onClick={begin}>
          Sign in
        </Button>
      )}
      {isForced ? (
        <span title="An administrator has it always on" className="grid size-4 place-items-center text-fg-3">
          <LockIcon className="size-3" />
          <span className="sr-only">{name} is always on</span>
        </span>
      ) : null}
      <Switch checked={isOn} disabled={isForced} onChange={onToggle} aria-label={name} />
    </li>
  )
}
