import { displayApps } from '../../contract/workspace-agents.ts'
import type { BlockReader } from '../block-reader.ts'
import type { PlannedAgent, PlannedAgentMetadata, PlannedScript } from '../provisioner.ts'

/** Shown when a template says nothing about them (terraform-provider-coder, resource coder_agent). */
const displayAppDefaults: Readonly<Record<(typeof displayApps)[number], boolean>> = {
  vscode: true,
  vscode_insiders: false,
  web_terminal: true,
  port_forwarding_helper: true,
  ssh_helper: true,
}

/** An agent before what hangs on it is known. */
export type AgentCore = Omit<PlannedAgent, 'apps'>

/** Reads a `resource "coder_agent"` block. */
export function readAgent(reader: BlockReader, name: string): AgentCore {
  const behavior = reader.oneOf('startup_script_behavior', ['blocking', 'non-blocking'], 'non-blocking')
  const agent: AgentCore = {
    name,
    operatingSystem: reader.oneOf('os', ['linux', 'darwin', 'windows'], 'linux'),
    architecture: reader.oneOf('arch', ['amd64', 'armv7', 'arm64'], 'amd64'),
    directory: reader.text('dir'),
    environment: reader.textMap('env'),
    connectionTimeoutSeconds: reader.integer('connection_timeout') ?? 120,
    troubleshootingUrl: reader.text('troubleshooting_url'),
    motdFile: reader.text('motd_file'),
    displayApps: readDisplayApps(reader),
    startupScriptBehavior: behavior,
    order: reader.integer('order') ?? 0,
    scripts: readOwnScripts(reader, behavior === 'blocking'),
    metadata: reader.blocks('metadata').map(readMetadata),
  }
  reader.requiredText('os')
  reader.requiredText('arch')
  // Read so that they are known; they concern other ways to run an agent than ours.
  for (const argument of ['auth', 'api_key_scope']) reader.text(argument)
  reader.blocks('resources_monitoring', 1)
  reader.finish()
  return agent
}

function readDisplayApps(reader: BlockReader): string[] {
  const [chosen] = reader.blocks('display_apps', 1)
  const shown = displayApps.filter(
    (app) => chosen?.bool(app, displayAppDefaults[app]) ?? displayAppDefaults[app],
  )
  chosen?.finish()
  return shown
}

/** `startup_script` and `shutdown_script` run like scripts of their own. */
function readOwnScripts(reader: BlockReader, startBlocksLogin: boolean): PlannedScript[] {
  const common = { cron: '', icon: '/emojis/25b6-fe0f.png', timeoutSeconds: 0 }
  const startup = reader.text('startup_script')
  const shutdown = reader.text('shutdown_script')
  const scripts: PlannedScript[] = []
  if (startup !== '') {
    scripts.push({
      ...common,
      displayName: 'Startup Script',
      script: startup,
      logPath: 'coder-startup-script.log',
      runOnStart: true,
      runOnStop: false,
      startBlocksLogin,
    })
  }
  if (shutdown !== '') {
    scripts.push({
      ...common,
      displayName: 'Shutdown Script',
      script: shutdown,
      logPath: 'coder-shutdown-script.log',
      runOnStart: false,
      runOnStop: true,
      startBlocksLogin: false,
    })
  }
  return scripts
}

function readMetadata(reader: BlockReader): PlannedAgentMetadata {
  const metadata = {
    key: reader.requiredText('key'),
    displayName: reader.text('display_name'),
    script: reader.requiredText('script'),
    interval: reader.integer('interval') ?? 0,
    timeout: reader.integer('timeout') ?? 0,
    order: reader.integer('order') ?? 0,
  }
  reader.finish()
  return metadata
}
