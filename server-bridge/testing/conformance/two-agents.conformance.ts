import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listProcesses, listProcessesWith } from '../../agent/process-list.ts'
import { workspaceFolderVariable } from '../../agent/shell-command.ts'
import type { CoderClient } from '../../client/coder-client.ts'
import type { WorkspaceAgent } from '../../contract/workspace-agents.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { waitFor } from '../wait-for.ts'
import { createTemplate, getWorkspace, openTerminal, runBuild } from '../workspace-actions.ts'

const agentBlock = (name: string): string => `
resource "coder_agent" "${name}" {
  os             = "linux"
  arch           = "amd64"
  startup_script = <<EOT
    #!/bin/sh
    echo "$0" > "$OUTPOST_WORKSPACE_DIR/new"
    mv "$OUTPOST_WORKSPACE_DIR/new" "$OUTPOST_WORKSPACE_DIR/$CODER_WORKSPACE_AGENT_NAME"
    sleep 100000
  EOT
}
`
const template = `
terraform {
  required_providers {
    coder = { source = "coder/coder" }
  }
}
${agentBlock('first')}${agentBlock('second')}`

let server: TestServer
let client: CoderClient
let workspaceId: string
let folder: string
beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  const { id } = await createTemplate(client, 'pair', template)
  const body = { template_id: id, name: 'pair' }
  workspaceId = (await client.call(workspacesRoutes.create, { params: { user: 'me' }, body })).id
  folder = join(server.dataDir, 'workspaces', 'pair')
})
afterAll(() => server.close())

function connectedAgent(name: string): Promise<WorkspaceAgent> {
  return waitFor(`${name} is connected`, async () => {
    const { latest_build: build } = await getWorkspace(client, workspaceId)
    const agents = build.resources.flatMap((resource) => resource.agents ?? [])
    return agents.find((agent) => agent.name === name && agent.status === 'connected')
  })
}

/** The file of the start script that runs, once that is another one than before. */
function scriptOf(name: string, before = ''): Promise<string> {
  return waitFor(`the script of ${name} runs`, () => {
    const path = join(folder, name)
    const file = existsSync(path) ? readFileSync(path, 'utf8').trim() : ''
    return file !== before && file !== '' ? file : undefined
  })
}

/** A shell of an agent, with what it runs besides. */
async function look(name: string) {
  const agent = await connectedAgent(name)
  const script = await scriptOf(name)
  const terminal = await openTerminal(client, agent.id, { reconnect: randomUUID(), width: 500 })
  terminal.send({ data: 'echo "pid=$$, agent=$PPID, git=$GIT_SSH_COMMAND."\r' })
  const [, pid, process, config = ''] = await waitFor(
    'the shell answers',
    () => /pid=(\d+), agent=(\d+), git=ssh -F '(.*)'\./.exec(terminal.output()) ?? undefined,
  )
  return {
    terminal,
    script,
    pid: Number(pid),
    process: Number(process),
    socket: join(dirname(config), 'agent'),
  }
}

it.runIf(process.platform === 'linux')(
  'an agent that was killed and comes back leaves what the other one runs, and a stop ends it all',
  async () => {
    const [first, second] = await Promise.all([look('first'), look('second')])
    expect(first.process).not.toBe(second.process)
    process.kill(second.process, 'SIGKILL')
    await scriptOf('second', second.script)
    expect([second.script, second.socket].map((path) => existsSync(path))).toEqual([false, false])
    expect([first.script, first.socket].map((path) => existsSync(path))).toEqual([true, true])
    const running = (await listProcesses()).map(({ pid }) => pid)
    expect(running).toEqual(expect.arrayContaining([first.pid, first.process]))
    first.terminal.send({ data: 'echo "still=$$."\r' })
    await first.terminal.shows(`still=${first.pid}.`)
    await first.terminal.close()

    for (const { pid } of server.agentProcesses) process.kill(pid!, 'SIGKILL')
    expect(await runBuild(client, workspaceId, 'stop')).toBe('stopped')
    expect(await listProcessesWith(workspaceFolderVariable, folder)).toEqual([])
    expect(existsSync(first.script)).toBe(false)
    expect(server.agentProcesses.size).toBe(0)
  },
)
