import type { BridgeToWindow, WindowToBridge } from '#bridge/contract/bridge-port'
import type { Workspace } from '#bridge/contract/workspaces'
import type { DeploymentState } from '#ipc/deployments'
import type { KeychainState } from '#ipc/keychain'
import type { Settings } from '#ipc/settings'
import { failure, type FakeBridge } from '../testing/fake-bridge.ts'
import {
  meId,
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleJob,
  sampleJobLog,
  sampleSettings,
  sampleTemplate,
  sampleVersion,
  sampleWorkspace,
} from '../testing/wire-samples.ts'
import { answerChats } from './chat-scenario.ts'
import { answerAgentRules } from './agent-rules-scenario.ts'
import { answerModels } from './models-scenario.ts'
import { sampleParameters, sampleTemplates, sampleWorkspaces } from './app-samples.ts'

interface Look {
  readonly scenario: string
  readonly theme: string
}

const deploymentStates: Record<string, DeploymentState> = {
  unreachable: {
    kind: 'unreachable',
    reason: 'coder.acme.dev does not answer.',
    retryAt: Date.now() + 42_000,
  },
  'signed-out': { kind: 'signed_out', reason: 'The token has expired.' },
  failed: {
    kind: 'failed',
    reason: 'The folder of the local deployment cannot be written.',
    detail: 'EROFS: read-only file system, open /home/owner/.config/Outpost/local/outpost.db',
  },
}

const keychainStates: Record<string, KeychainState> = {
  locked: { kind: 'locked', backend: 'GNOME Keyring' },
  absent: {
    kind: 'absent',
    reason: 'No secret service runs on this desktop. Install gnome-keyring or KWallet.',
  },
}

/** Puts invented answers behind every procedure. */
export function answerLikeMain(fake: FakeBridge, { scenario, theme }: Look): void {
  answerShell(fake, scenario, theme)
  answerWorkspaces(fake, scenario)
  answerTemplates(fake)
  answerTerminals(fake)
  answerChats(fake, scenario)
  answerModels(fake, scenario)
  answerAgentRules(fake, scenario)
}

function answerShell(fake: FakeBridge, scenario: string, theme: string): void {
  const settings = sampleSettings({
    theme: theme === 'dark' ? 'dark' : theme === 'hc' ? 'high-contrast' : 'light',
  })
  const state = deploymentStates[scenario] ?? { kind: 'connected', latencyMs: 18 }
  fake.feed('deployments.watch', () => ({
    activeId: 'acme',
    deployments: [
      sampleDeployment(),
      sampleDeployment({ id: 'acme', kind: 'remote', name: 'acme', url: 'https://coder.acme.dev', state }),
    ],
  }))
  fake.feed('settings.watch', () => ({
    settings,
    notices:
      scenario === 'notice'
        ? [
            {
              id: 'settings',
              message: 'The settings file could not be read. It was set aside as settings.json.bad.',
            },
          ]
        : [],
  }))
  fake.feed('keychain.watch', () => keychainStates[scenario] ?? { kind: 'works', backend: 'GNOME Keyring' })
  fake.feed('dictation.watch', () => ({ service: null, hasSystemDictation: false, isSeen: true }))
  fake.feed('app.watchCommands', () => undefined)
  fake.feed('app.watchProcesses', () => ({ bridge: 'running', localServer: 'running' }))
  fake.answer('deployments.setActive', () => null)
  fake.answer('app.reportError', () => null)
  fake.answer('app.copyText', () => null)
  fake.answer('app.readClipboardText', () => ({ text: 'make build\nmake deploy\n' }))
  fake.answer('settings.update', (patch) => {
    const next: Settings = {
      theme: patch.theme ?? settings.theme,
      closeToTray: patch.closeToTray ?? settings.closeToTray,
      launchAtLogin: patch.launchAtLogin ?? settings.launchAtLogin,
      nativeFrame: patch.nativeFrame ?? settings.nativeFrame,
      agents: {
        notify: patch.agents?.notify ?? settings.agents.notify,
        sound: patch.agents?.sound ?? settings.agents.sound,
      },
      terminal: { ...settings.terminal, fontSize: patch.terminal?.fontSize ?? settings.terminal.fontSize },
    }
    fake.push('settings.watch', { settings: next, notices: [] })
    return next
  })
  fake.answer('app.about', () => ({
    version: '0.1.0',
    electron: '45.4.1',
    chrome: '156.0.0.0',
    node: '24.1.0',
    logFolder: '/home/owner/.config/Outpost/logs',
  }))
  fake.answer('deployments.probe', ({ url }) => {
    if (!url.includes('coder')) throw failure<'deployments.probe'>('not_coder', 'This is not a Coder server.')
    return {
      url,
      version: 'v2.31.0',
      tokenPageUrl: `${url}/cli-auth`,
      insecure: url.startsWith('http:'),
      hasFirstUser: true,
      methods: { password: true, browser: false },
      tooOld: null,
    }
  })
  fake.answer('deployments.add', () => {
    throw failure<'deployments.add'>('token_refused', 'The token is refused.')
  })
}

function answerWorkspaces(fake: FakeBridge, scenario: string): void {
  const all = listOf(scenario)
  fake.feed('workspaces.watchList', ({ q }) => {
    if (scenario === 'loading') return undefined
    if (scenario === 'error') throw failure('unreachable', 'coder.acme.dev does not answer.')
    const found = all.filter(({ name, latest_build }) =>
      q
        .split(' ')
        .every(
          (term) => name.includes(term) || term === `status:${latest_build.status}` || term.includes(':me'),
        ),
    )
    return { workspaces: found, count: found.length }
  })
  fake.feed('workspaces.watch', ({ workspaceId }) => all.find(({ id }) => id === workspaceId) ?? created())
  fake.answer('workspaces.listBuilds', ({ workspaceId }) => {
    const workspace = all.find(({ id }) => id === workspaceId)
    const job = sampleJob()
    return [
      ...(workspace ? [workspace.latest_build] : []),
      sampleBuild({ id: sampleId(44), build_number: 2, transition: 'stop', status: 'stopped', job }),
      sampleBuild({ id: sampleId(45), build_number: 1, job }),
    ]
  })
  fake.feed('workspaces.followBuildLogs', () => [
    sampleJobLog(1, 'Setting up', ''),
    sampleJobLog(2, 'Setting up', 'Reading go-service v3.4'),
    sampleJobLog(3, 'Planning infrastructure', ''),
    sampleJobLog(4, 'Planning infrastructure', '\u001b[32m+\u001b[0m volume.home'),
    sampleJobLog(5, 'Planning infrastructure', '\u001b[32m+\u001b[0m container.dev'),
    sampleJobLog(6, 'Starting workspace', ''),
    sampleJobLog(7, 'Starting workspace', 'container.dev: creating, 412 of 690 MB'),
  ])
  fake.feed('workspaces.followAgentLogs', () => [
    {
      id: 1,
      created_at: new Date().toISOString(),
      level: 'info',
      output: 'Cloning acme/payments-api',
      source_id: sampleId(9),
    },
  ])
  fake.answer('workspaces.create', ({ name }) => {
    if (name === 'taken') throw failure<'workspaces.create'>('name_taken', 'This name is taken.')
    return created()
  })
  fake.answer('workspaces.start', () => sampleBuild({ status: 'pending' }))
  fake.answer('workspaces.stop', () => {
    throw failure<'workspaces.stop'>('build_running', 'A build of this workspace is running.')
  })
  fake.answer('workspaces.delete', () => sampleBuild({ status: 'deleting' }))
  fake.answer('workspaces.cancelBuild', () => null)
  fake.answer('workspaces.openApp', () => ({ opened: true }))
  fake.answer('appPreview.support', () => ({ isPossible: false }))
  fake.answer('workspaces.sshCommand', () => ({ command: 'ssh coder.payments-api' }))
  fake.feed('tunnels.watch', () => ({ tunnels: [], hasAuthority: false }))
  fake.feed('tunnels.watchPorts', () => ({
    ports: [
      { port: 3000, processName: 'node' },
      { port: 5432, processName: 'postgres' },
      { port: 13_337, processName: 'code-server' },
    ],
  }))
  fake.answer('workspaces.setFavorite', () => null)
}

function listOf(scenario: string): readonly Workspace[] {
  if (scenario === 'empty') return []
  if (scenario !== 'many') return sampleWorkspaces()
  return Array.from({ length: 500 }, (_, index) =>
    sampleWorkspace({
      id: sampleId(2, 100 + index),
      name: `service-${index}-with-a-rather-long-name`,
      favorite: index < 3,
      owner_id: index % 7 === 0 ? sampleId(99) : meId,
      owner_name: index % 7 === 0 ? 'somebody-with-a-long-name' : 'owner',
    }),
  )
}

function created(): Workspace {
  const now = new Date().toISOString()
  return sampleWorkspace({
    id: sampleId(2, 77),
    name: 'payments-api-2',
    latest_build: sampleBuild(
      {
        id: sampleId(4, 77),
        created_at: now,
        status: 'starting',
        job: {
          ...sampleJob({ status: 'running', created_at: now, started_at: now }),
          completed_at: undefined,
        },
      },
      [],
    ),
  })
}

function answerTemplates(fake: FakeBridge): void {
  fake.answer('templates.list', () => sampleTemplates())
  fake.answer('templates.get', ({ templateId }) => ({
    template: sampleTemplates().find(({ id }) => id === templateId) ?? sampleTemplate(),
    version: sampleVersion({
      readme:
        '# Go service\n\nGo, Postgres and the acme tool chain.\n\n- Go 1.24 from `tools.lock`\n- [Handbook](https://acme.dev/handbook)\n\n```sh\nmake test\n```\n\n| Size | Cores |\n|---|---|\n| small | 2 |\n| large | 16 |\n',
    }),
    parameters: sampleParameters(),
  }))
}

/** A shell that echoes, enough to look at a terminal. */
function answerTerminals(fake: FakeBridge): void {
  const { requestBridgePort } = fake.bridge
  Object.assign(fake.bridge, {
    requestBridgePort: (nonce: string) => {
      requestBridgePort(nonce)
      const port = fake.givePort()
      const say = (terminalId: string, text: string): void => {
        const message: BridgeToWindow = { type: 'data', terminalId, bytes: new TextEncoder().encode(text) }
        port.postMessage(message)
      }
      port.onmessage = ({ data }: MessageEvent<WindowToBridge>) => {
        if (data.type === 'input') say(data.terminalId, data.data.replaceAll('\r', '\r\n$ '))
        if (data.type !== 'open') return
        const state: BridgeToWindow = {
          type: 'state',
          terminalId: data.terminalId,
          state: { kind: 'connected', rejoined: false },
        }
        port.postMessage(state)
        say(
          data.terminalId,
          '\u001b[32mowner@payments-api\u001b[0m \u001b[34m~/src\u001b[0m $ git status -sb\r\n## \u001b[32mmain\u001b[0m...\u001b[31morigin/main\u001b[0m [ahead 2]\r\nSee https://acme.dev/handbook/terminal for more.\r\n$ ',
        )
      }
    },
  })
}
