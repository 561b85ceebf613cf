import { displayApps } from '../../contract/workspace-agents.ts'
import type { BlockReader } from '../block-reader.ts'
import { quote } from '../eval/value.ts'
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
    apiKeyScope: reader.oneOf('api_key_scope', ['all', 'no_user_data'], 'all'),
    displayApps: readDisplayApps(reader),
    startupScriptBehavior: behavior,
    order: reader.integer('order') ?? 0,
    scripts: readOwnScripts(reader, behavior === 'blocking'),
    metadata: reader.blocks('metadata').map(readMetadata),
  }
  reader.requiredText('os')
  reader.requiredText('arch')
  // Read so that it is known; it concerns other ways to run an agent than ours.
  reader.oneOf('auth', ['token'], 'token')
  checkMonitoring(reader)
  reader.finish()
  if (agent.connectionTimeoutSeconds < 0)
    throw reader.error('connection_timeout', 'A time cannot be negative; 0 means no limit.')
  const keys = agent.metadata.map(({ key }) => key)
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index)
  if (repeated !== undefined)
    throw reader.error('metadata', `Two metadata blocks have the key ${quote(repeated)}.`)
  return agent
}

/** Thresholds are read so that a wrong one is found; nobody watches them here. */
function checkMonitoring(reader: BlockReader): void {
  const [monitoring] = reader.blocks('resources_monitoring', 1)
  if (monitoring === undefined) return
  const volumes = monitoring.blocks('volume')
  for (const entry of [...monitoring.blocks('memory', 1), ...volumes]) {
    if (volumes.includes(entry)) entry.requiredText('path')
    entry.bool('enabled', false)
    const threshold = entry.integer('threshold')
    if (threshold === undefined || threshold < 0 || threshold > 100)
      throw entry.error('threshold', 'A percentage from 0 to 100 is needed.')
    entry.finish()
  }
  monitoring.finish()
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
      icon: '/emojis/25c0.png',
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
  const interval = reader.integer('interval')
  if (interval === undefined)
    throw reader.error('interval', 'The number of seconds between two runs is needed.')
  const metadata = {
    key: reader.requiredText('key'),
    displayName: reader.text('display_name'),
    script: reader.requiredText('script'),
    interval,
    timeout: reader.integer('timeout') ?? 0,
    order: reader.integer('order') ?? 0,
  }
  reader.finish()
  return metadata
}
