import type { Workspace } from '#bridge/contract/workspaces'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { ExternalLinkIcon, TerminalIcon } from '../../ui/icons.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { AppIcon } from './app-icon.tsx'
import { useOpenApp } from './use-open-app.ts'
import { appState, shownApps, type ShownApp } from './workspace-apps.ts'
import { agentsOf, isUsable } from './workspace-state.ts'

export interface AppsCardProps {
  readonly deploymentId: string
  readonly workspace: Workspace
  /** Shows a page inside of the window; left out, pages open in the browser. */
  readonly onShow?: ((shown: ShownApp) => void) | undefined
}

/** The apps of a running workspace, each a click away; nothing where its template names none. */
export function AppsCard({ deploymentId, workspace, onShow }: AppsCardProps) {
  const { open, opening } = useOpenApp(deploymentId)
  const apps = shownApps(workspace)
  if (apps.length === 0) return null
  const isOnly = agentsOf(workspace.latest_build).length === 1
  return (
    <Card title="Apps" flush>
      <ul aria-label="Apps">
        {apps.map((shown) => (
          <li key={`${shown.agent.id}/${shown.app.slug}`} className="border-line not-last:border-b">
            <AppRow
              shown={shown}
              agentName={isOnly ? null : shown.agent.name}
              isOpening={opening?.agentId === shown.agent.id && opening.slug === shown.app.slug}
              onOpen={() => open(workspace, shown)}
              onShow={onShow && shown.opens === 'page' ? () => onShow(shown) : undefined}
            />
          </li>
        ))}
      </ul>
    </Card>
  )
}

interface AppRowProps {
  readonly shown: ShownApp
  /** `null`: it is the only one. */
  readonly agentName: string | null
  readonly isOpening: boolean
  readonly onOpen: () => void
  readonly onShow: (() => void) | undefined
}

function AppRow(props: AppRowProps) {
  const { shown, agentName } = props
  const { app, name } = shown
  const state = appState(app)
  const detail = [host(shown), agentName === null ? '' : `on ${plainText(agentName, 60)}`]
  const hint = plainText((app.tooltip ?? '').replaceAll(/\s+/g, ' '), 300)
  return (
    <CardRow>
      <AppIcon app={app} />
      <span className="flex min-w-0 flex-1 items-baseline gap-2" title={hint === '' ? undefined : hint}>
        <span className="cut min-w-0 font-medium copyable">{name}</span>
        <span className="cut min-w-0 shrink-[4] text-sm text-fg-3">{detail.filter(Boolean).join(' ')}</span>
      </span>
      {state === undefined ? null : <StatusMark {...state} className="flex-none text-sm" />}
      <AppButtons {...props} />
    </CardRow>
  )
}

function AppButtons({ shown: { name, opens, agent }, isOpening, onOpen, onShow }: AppRowProps) {
  if (onShow !== undefined) {
    return (
      <>
        <Button size="sm" disabled={!isUsable(agent)} aria-label={`Show ${name} here`} onClick={onShow}>
          Show here
        </Button>
        <IconButton
          size="sm"
          label={`Open ${name} in the browser`}
          icon={<ExternalLinkIcon />}
          loading={isOpening}
          disabled={!isUsable(agent)}
          onClick={onOpen}
        />
      </>
    )
  }
  return (
    <Button
      size="sm"
      icon={opens === 'terminal' ? <TerminalIcon /> : <ExternalLinkIcon />}
      loading={isOpening}
      // What lies elsewhere does not need the agent.
      disabled={opens !== 'elsewhere' && !isUsable(agent)}
      aria-label={opens === 'terminal' ? `Open ${name} in a terminal` : `Open ${name} in the browser`}
      onClick={onOpen}
    >
      Open
    </Button>
  )
}

/** The host that an app of its own address leads to, so that nobody is surprised. */
function host({ app, opens }: ShownApp): string {
  if (opens !== 'elsewhere') return ''
  const address = app.url ?? ''
  return URL.canParse(address) ? plainText(new URL(address).host, 80) : ''
}
