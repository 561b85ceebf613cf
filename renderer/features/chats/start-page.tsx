import { useEffect, useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { useApi } from '../../api/api-context.tsx'
import { BoxIcon, BuildingIcon } from '../../ui/icons.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { toast } from '../../ui/toast-store.ts'
import { useWindowActions } from '../window/index.ts'
import { chatTitle } from './chat-state.ts'
import {
  chosenModel,
  lastChoices,
  lastServers,
  rememberChoices,
  rememberModel,
} from './composer/chat-model.ts'
import { Composer } from './composer/composer.tsx'
import { draftPlace } from './composer/draft-store.ts'
import { partsOf, type Draft } from './composer/draft.ts'
import { OrganizationPicker } from './composer/organization-picker.tsx'
import type { ComposerChoices } from './composer/use-composer-choices.ts'
import { useShownPlace } from './composer/use-shown-place.ts'
import { useMentionPlace } from './composer/use-mention-place.ts'
import { useStartPlace } from './composer/use-start-place.ts'
import { WorkspacePicker } from './composer/workspace-picker.tsx'
import { useNoModelPage } from './no-model.tsx'
import { SidebarToggle } from './sidebar/sidebar-toggle.tsx'
import { useLatestChats } from './use-chats.ts'

/** Where a new chat begins: the task, and the workspace and model for it. */
export function StartPage({ deployment }: { readonly deployment: Deployment }) {
  useEffect(() => {
    document.title = 'Agents · Outpost'
  }, [])
  const { data: list } = useLatestChats(deployment.id)
  const noModel = useNoModelPage(deployment)
  const isFirst = list?.chats.length === 0
  return (
    <section aria-label="New agent" className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-(--h-pagehead) flex-none items-center px-3">
        <SidebarToggle />
      </div>
      {noModel ?? (
        <div className="flex min-h-0 flex-1 flex-col overflow-auto px-5 pb-5">
          <div className="m-auto flex w-full max-w-[640px] flex-col gap-4 pb-[8vh]">
            <div className="text-center">
              <h2 className="text-xl font-semibold">
                {isFirst ? 'Give an agent its first task' : 'What should the agent do?'}
              </h2>
              {isFirst ? (
                <p className="mx-auto mt-1 max-w-[440px] text-fg-2">
                  A model works in one of your workspaces: it reads and changes files and runs commands there,
                  while you watch, steer and stop it.
                </p>
              ) : null}
            </div>
            <StartComposer deployment={deployment} />
            <p className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 text-sm text-fg-3">
              <span>
                <Kbd keys="/" /> commands
              </span>
              <span>
                <Kbd keys="@" /> files of the workspace
              </span>
              <span>Paste or drop images and files</span>
            </p>
          </div>
        </div>
      )}
    </section>
  )
}

function StartComposer({ deployment }: { readonly deployment: Deployment }) {
  const { client } = useApi()
  const actions = useWindowActions()
  const place = draftPlace(deployment.id, undefined)
  const isShown = useShownPlace(place)
  const [picking, setPicking] = useState<'organization' | 'workspace'>()
  const pickerOf = (one: 'organization' | 'workspace') => ({
    open: picking === one,
    onOpenChange: (isOpen: boolean) => setPicking(isOpen ? one : undefined),
  })
  const start = useStartPlace(deployment, place)
  const { organizations, organizationId, workspace } = start
  const workspaceId = workspace?.id
  const files = useMentionPlace(deployment.id, workspaceId)
  const create = async (draft: Draft, choices: ComposerChoices): Promise<void> => {
    const last = lastChoices.get()[deployment.id] ?? {}
    const mcpServerIds = choices.mcpServerIds ?? lastServers(last, organizationId)
    const chat = await client.call('chats.create', {
      deploymentId: deployment.id,
      content: partsOf(draft),
      ...(mcpServerIds === undefined ? {} : { mcpServerIds: [...mcpServerIds] }),
      ...(organizationId === undefined ? {} : { organizationId }),
      ...(workspaceId === undefined ? {} : { workspaceId }),
      ...chosenModel(choices),
      ...(choices.planMode ? { planMode: 'plan' as const } : {}),
    })
    rememberChoices(deployment.id, {
      ...lastChoices.get()[deployment.id],
      ...(mcpServerIds === undefined ? {} : { mcpServerIds }),
      ...(organizationId === undefined ? {} : { organizationId }),
    })
    rememberModel(deployment.id, choices)
    const open = (): void => actions.goToChat(deployment.id, chat.id)
    if (isShown(place)) open()
    else {
      toast({
        tone: 'ok',
        title: 'The new agent has begun',
        detail: chatTitle(chat),
        action: { label: 'Open', onSelect: open },
      })
    }
  }
  return (
    <Composer
      deployment={deployment}
      place={place}
      chat={undefined}
      placeholder="Describe a task: fix a failing test, explain a service, prepare a change"
      files={files}
      organizationId={organizationId}
      commands={[
        { name: 'workspace', description: 'Choose the workspace', run: () => setPicking('workspace') },
        ...(organizations.length < 2
          ? []
          : [
              {
                name: 'organization',
                description: 'Choose the organization',
                run: () => setPicking('organization'),
              },
            ]),
      ]}
      plusItems={[
        { label: 'Choose a workspace…', icon: <BoxIcon />, onSelect: () => setPicking('workspace') },
        ...(organizations.length < 2
          ? []
          : [
              {
                label: 'Choose an organization…',
                icon: <BuildingIcon />,
                onSelect: () => setPicking('organization'),
              },
            ]),
      ]}
      tools={
        <>
          <OrganizationPicker
            organizations={organizations}
            value={organizationId}
            workspace={workspace}
            onChange={start.chooseOrganization}
            {...pickerOf('organization')}
          />
          <WorkspacePicker
            deployment={deployment}
            value={workspaceId}
            organizations={organizations}
            organizationId={organizationId}
            onChange={start.chooseWorkspace}
            {...pickerOf('workspace')}
          />
        </>
      }
      onSend={create}
    />
  )
}
