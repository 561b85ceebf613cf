import { useRouterState } from '@tanstack/react-router'
import { useApi } from '../api/api-context.tsx'
import { errorWords } from '../api/error-words.ts'
import { deploymentState, useDeployments } from '../features/deployments/index.ts'
import { useWindowActions } from '../features/window/index.ts'
import { PlusIcon, SlidersHorizontalIcon } from '../ui/icons.tsx'
import { StatusMark } from '../ui/status-mark.tsx'
import { toast } from '../ui/toast-store.ts'
import { DeploymentSwitcher } from './frame/deployment-switcher.tsx'

/** The deployments to switch between, each with its state, and the way to more. */
export function ShellSwitcher() {
  const { deployments, active } = useDeployments()
  const actions = useWindowActions()
  const switchTo = useSwitchDeployment()
  const shown = active ? deploymentState(active.state) : { status: 'starting' as const, label: 'Starting' }
  return (
    <DeploymentSwitcher
      name={active?.name ?? 'Outpost'}
      status={shown.status}
      statusLabel={shown.label}
      items={[
        { kind: 'heading', label: 'Deployments' },
        ...deployments.map((deployment) => ({
          label: deployment.name,
          checked: deployment.id === active?.id,
          detail: <StatusMark {...deploymentState(deployment.state)} />,
          onSelect: () => switchTo(deployment.id),
        })),
        { kind: 'separator' },
        { label: 'Add deployment…', icon: <PlusIcon />, onSelect: actions.askAddDeployment },
        {
          label: 'Manage deployments',
          icon: <SlidersHorizontalIcon />,
          onSelect: () => actions.goToSettings('deployments'),
        },
      ]}
    />
  )
}

/** Shows another deployment; a page that belongs to the old one gives way to its list. */
export function useSwitchDeployment(): (deploymentId: string) => void {
  const { client } = useApi()
  const actions = useWindowActions()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  return (deploymentId) => {
    client.call('deployments.setActive', { deploymentId }).then(
      () => {
        if (pathname.startsWith('/workspaces/')) actions.goToWorkspaces()
        else if (pathname.startsWith('/templates/')) actions.goToTemplates()
      },
      (error: unknown) => {
        toast({ tone: 'bad', title: 'The deployment is not shown', detail: errorWords(error).message })
      },
    )
  }
}
