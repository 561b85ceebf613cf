import { fireEvent, screen, waitFor } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'
import type { Workspace } from '#bridge/contract/workspaces'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import {
  sampleAgent,
  sampleBuild,
  sampleDeployment,
  sampleId,
  sampleJob,
  sampleJobLog,
  sampleWorkspace,
} from '../../testing/wire-samples.ts'
import { WorkspacePage } from './workspace-page.tsx'
import type { WorkspaceTab } from '../window/index.ts'

function bridgeWith(workspace: Workspace | undefined): FakeBridge {
  const fake = createQuietBridge()
  fake.feed('workspaces.watch', () => workspace)
  fake.feed('workspaces.followBuildLogs', () => [
    sampleJobLog(1, 'Planning', ''),
    sampleJobLog(2, 'Planning', 'one resource'),
  ])
  fake.answer('workspaces.listBuilds', () => [])
  return fake
}

function show(fake: FakeBridge, tab: WorkspaceTab = 'overview') {
  const onTab = vi.fn()
  const page = renderPage(
    <WorkspacePage
      deployment={sampleDeployment()}
      workspaceId={sampleId(2)}
      tab={tab}
      onTab={onTab}
      ports={() => <p>ports</p>}
      terminal={() => <p>terminals</p>}
      files={() => <p>files</p>}
    />,
    fake,
  )
  return { ...page, onTab }
}

describe('the workspace page', () => {
  it('waits in grey, then shows agent, machine and folder', async () => {
    const fake = bridgeWith(undefined)
    show(fake)
    expect(screen.getByRole('status', { name: 'Loading the workspace' })).toBeTruthy()
    await waitFor(() => expect(fake.openSubscriptions('workspaces.watch')).toBe(1))
    fake.push('workspaces.watch', sampleWorkspace())
    await screen.findByRole('heading', { name: 'payments-api' })
    expect(screen.getByText('linux/amd64')).toBeTruthy()
    expect(screen.getByText('/home/owner/src')).toBeTruthy()
  })

  it('starts a stopped workspace and says so when that fails', async () => {
    const workspace = sampleWorkspace({
      latest_build: sampleBuild({ status: 'stopped', transition: 'stop' }, []),
    })
    const fake = bridgeWith(workspace)
    fake.answer('workspaces.start', () => sampleBuild({ status: 'pending' }))
    show(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Start workspace' }))
    await waitFor(() => expect(fake.inputsOf('workspaces.start')).toHaveLength(1))
  })

  it('shows the steps and the log of a running build, and cancels it', async () => {
    const job = { ...sampleJob({ status: 'running' }), completed_at: undefined }
    const fake = bridgeWith(sampleWorkspace({ latest_build: sampleBuild({ status: 'starting', job }, []) }))
    fake.answer('workspaces.cancelBuild', () => null)
    show(fake)
    await screen.findByText('Planning, runs')
    expect(screen.getByText('Start the agent, waits')).toBeTruthy()
    fireEvent.click(screen.getAllByRole('button', { name: 'Cancel build' })[0]!)
    await waitFor(() =>
      expect(fake.inputsOf('workspaces.cancelBuild')).toEqual([
        { deploymentId: 'local', buildId: sampleId(4) },
      ]),
    )
  })

  it('shows the sentence of a failed build with the ways on', async () => {
    const job = sampleJob({ status: 'failed', error: 'The quota is full.' })
    const fake = bridgeWith(sampleWorkspace({ latest_build: sampleBuild({ status: 'failed', job }, []) }))
    fake.answer('workspaces.start', () => sampleBuild({ status: 'pending' }))
    const { onTab } = show(fake)
    await screen.findByText('The quota is full.')
    fireEvent.click(screen.getByRole('button', { name: 'Show log' }))
    expect(onTab).toHaveBeenCalledWith('logs')
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }))
    await waitFor(() => expect(fake.inputsOf('workspaces.start')).toHaveLength(1))
  })

  it('says what is wrong with an agent', async () => {
    const agent = sampleAgent({
      status: 'disconnected',
      health: { healthy: false, reason: 'Silent for 4 minutes.' },
    })
    show(bridgeWith(sampleWorkspace({ latest_build: sampleBuild({}, [agent]) })))
    await screen.findByText('Silent for 4 minutes.')
  })

  it('leads back to the list when there is no such workspace', async () => {
    const fake = createQuietBridge()
    fake.feed('workspaces.watch', () => {
      throw failure('not_found', 'Resource not found.')
    })
    const { actions } = show(fake)
    fireEvent.click(await screen.findByRole('button', { name: 'Show all workspaces' }))
    expect(actions.goToWorkspaces).toHaveBeenCalled()
  })

  it('says that it is deleted when the watch ends', async () => {
    const fake = bridgeWith(sampleWorkspace())
    show(fake)
    await screen.findByRole('heading', { name: 'payments-api' })
    fake.end('workspaces.watch')
    await screen.findByText('payments-api is deleted')
  })

  it('opens a terminal on the agent that was asked for', async () => {
    const { actions } = show(bridgeWith(sampleWorkspace()))
    fireEvent.click(await screen.findByRole('button', { name: 'Terminal' }))
    expect(actions.openTerminal).toHaveBeenCalledWith(
      'local',
      expect.objectContaining({ name: 'payments-api' }),
      sampleId(6),
    )
  })

  it('lists builds and agents under Logs and tells when older ones cannot be read', async () => {
    const fake = bridgeWith(sampleWorkspace())
    fake.answer('workspaces.listBuilds', () => {
      throw failure('unreachable', 'Away.')
    })
    show(fake, 'logs')
    await screen.findByText('Older builds cannot be listed')
    expect(screen.getByText('Start 1')).toBeTruthy()
  })

  it('shows the log of an agent at once when one of its scripts failed', async () => {
    const script = {
      id: sampleId(8),
      log_source_id: sampleId(9),
      log_path: '',
      script: '',
      cron: '',
      run_on_start: true,
      run_on_stop: false,
      start_blocks_login: false,
      timeout: 0,
      display_name: 'Seed the fixtures',
      status: 'exit_failure',
      exit_code: 1,
    } as const
    const agent = sampleAgent({ scripts: [script] })
    const fake = bridgeWith(sampleWorkspace({ latest_build: sampleBuild({}, [agent]) }))
    fake.feed('workspaces.followAgentLogs', () => [])
    show(fake)
    await screen.findByText('Exit code 1')
    await screen.findByText('Log of main')
    fireEvent.click(screen.getByRole('button', { name: 'Log' }))
    await waitFor(() => expect(screen.queryByText('Log of main')).toBeNull())
  })
})
