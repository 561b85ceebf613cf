/** Renders one page, or the whole window, over a fake bridge. */
import { createMemoryHistory } from '@tanstack/react-router'
import { render, type RenderResult } from '@testing-library/react'
import type { ReactElement } from 'react'
import { vi } from 'vitest'
import { ApiProvider, type Api } from '../api/api-context.tsx'
import { createApi } from '../api/create-api.ts'
import { createOutpost } from '../app/outpost.tsx'
import { createFilesHost, FilesProvider } from '../features/files/index.ts'
import { WindowActionsProvider, type WindowActions } from '../features/window/index.ts'
import { sampleChatModel } from './chat-samples.ts'
import { createFakeBridge, type FakeBridge } from './fake-bridge.ts'
import { createFakeKit } from './fake-editor-kit.ts'
import { createFakePort } from './fake-port.ts'
import { sampleDeployment, sampleSettings, sampleTemplate } from './wire-samples.ts'

/** Answers what the frame always asks for. */
export function createQuietBridge(): FakeBridge {
  const fake = createFakeBridge()
  fake.feed('deployments.watch', () => ({ activeId: 'local', deployments: [sampleDeployment()] }))
  fake.feed('settings.watch', () => ({ settings: sampleSettings(), notices: [] }))
  fake.feed('keychain.watch', () => ({ kind: 'works', backend: 'GNOME Keyring' }))
  fake.feed('dictation.watch', () => ({ service: null, hasSystemDictation: false, isSeen: true }))
  fake.feed('app.watchCommands', () => undefined)
  fake.feed('app.watchProcesses', () => ({ bridge: 'running', localServer: 'running' }))
  fake.feed('workspaces.watchList', () => ({ workspaces: [], count: 0 }))
  fake.feed('desktopWindows.watch', () => ({ open: [] }))
  fake.feed('tunnels.watch', () => ({ tunnels: [], hasAuthority: false }))
  fake.feed('tunnels.watchPorts', () => ({ ports: [] }))
  fake.answer('chats.support', () => ({ chats: 'none', approvals: false, desktop: false }))
  fake.feed('chats.watchList', () => ({ chats: [], hasMore: false }))
  fake.answer('appPreview.support', () => ({ isPossible: false }))
  fake.answer('chats.usage', () => null)
  fake.answer('chats.cost', () => null)
  fake.answer('chats.organizations', () => [])
  fake.answer('chatDebug.logging', () => null)
  fake.answer('agentRules.instructions', () => ({ systemPrompt: null, planMode: null }))
  fake.answer('agentRules.templates', () => null)
  fake.answer('agentRules.advisor', () => null)
  fake.answer('agentRules.models', () => ({ tasks: [], allowsPersonal: null }))
  fake.answer('agentRules.lifecycle', () => ({
    workspaceTtlMs: null,
    retentionDays: null,
    autoArchiveDays: null,
  }))
  fake.answer('ownAgents.instructions', () => null)
  fake.answer('ownAgents.preferences', () => null)
  fake.answer('ownAgents.models', () => null)
  fake.answer('ownAgents.thresholds', () => null)
  fake.answer('ownAgents.skills', () => null)
  fake.answer('chats.models', () => ({ models: [sampleChatModel()], unsupportedProviders: [] }))
  fake.answer('mcpServers.list', () => ({ capability: 'user_headers', vault: 'ready', servers: [] }))
  fake.answer('templates.list', () => [sampleTemplate()])
  fake.answer('deployments.setActive', () => null)
  fake.answer('app.reportError', () => null)
  fake.answer('files.listRecoveries', () => ({ recoveries: [] }))
  return fake
}

export interface RenderedPage extends RenderResult {
  readonly api: Api
  readonly actions: WindowActions
}

/** One page with recorded window actions. */
export function renderPage(page: ReactElement, fake: FakeBridge): RenderedPage {
  const api = createApi(fake.bridge)
  const actions: WindowActions = {
    goToWorkspaces: vi.fn(),
    goToWorkspace: vi.fn(),
    goToAgents: vi.fn(),
    goToChat: vi.fn(),
    goToModels: vi.fn(),
    goToTemplates: vi.fn(),
    goToTemplate: vi.fn(),
    goToCreate: vi.fn(),
    goToTunnels: vi.fn(),
    goToDiagnostics: vi.fn(),
    goToSettings: vi.fn(),
    openTerminal: vi.fn(),
    askSignIn: vi.fn(),
    askNetwork: vi.fn(),
    askAddDeployment: vi.fn(),
    openLink: vi.fn(),
  }
  const files = createFilesHost({
    rpc: api.client,
    port: createFakePort,
    dropFiles: fake.bridge.dropFiles,
    loadKit: async () => createFakeKit(),
    newId: () => crypto.randomUUID(),
  })
  const result = render(
    <ApiProvider api={api}>
      <WindowActionsProvider actions={actions}>
        <FilesProvider host={files}>{page}</FilesProvider>
      </WindowActionsProvider>
    </ApiProvider>,
  )
  return { ...result, api, actions }
}

/** The whole window at an address. */
export function renderWindow(fake: FakeBridge, address: string): RenderResult {
  const history = createMemoryHistory({ initialEntries: [address] })
  return render(createOutpost({ api: createApi(fake.bridge), bridge: fake.bridge, history }))
}
