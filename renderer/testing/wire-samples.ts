/** Complete wire objects for tests and the preview; each takes what the case is about. */
import type { ProvisionerJob, ProvisionerJobLog } from '#bridge/contract/provisioner-jobs'
import type { Template } from '#bridge/contract/templates'
import type { TemplateVersion, TemplateVersionParameter } from '#bridge/contract/template-versions'
import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { WorkspaceBuild } from '#bridge/contract/workspace-builds'
import type { Workspace } from '#bridge/contract/workspaces'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import type { Deployment } from '#ipc/deployments'
import type { Settings } from '#ipc/settings'

const zeroUuid = '00000000-0000-0000-0000-000000000000'
export const sampleTime = '2026-11-22T09:00:00.000Z'

/** A uuid that tells in a failing test which thing it is. */
export function sampleId(kind: number, index = 1): string {
  const tail = String(index).padStart(12, '0')
  return `${String(kind).padStart(8, '0')}-0000-4000-8000-${tail}`
}

export const meId = sampleId(1)

export function sampleDeployment(change: Partial<Deployment> = {}): Deployment {
  return {
    id: 'local',
    kind: 'local',
    name: 'This machine',
    url: 'http://127.0.0.1:4000',
    state: { kind: 'connected', latencyMs: 1 },
    version: 'v2.31.0',
    user: { id: meId, username: 'owner', name: 'Owner', isOwner: true },
    insecure: false,
    tooOld: null,
    ...change,
  }
}

export function sampleSettings(change: Partial<Settings> = {}): Settings {
  return {
    theme: 'system',
    closeToTray: true,
    launchAtLogin: false,
    nativeFrame: false,
    agents: { notify: true, sound: false },
    terminal: {
      fontSize: 13,
      scrollback: 10_000,
      renderer: 'auto',
      warnOnMultilinePaste: true,
      cursorBlink: true,
      cursorStyle: 'block',
      lineHeight: 1.2,
      fontFamily: '',
      copyOnSelect: false,
      rightClick: 'menu',
      bell: 'visual',
      notifyAfterSeconds: 10,
      ligatures: false,
      profiles: [],
    },
    ...change,
  }
}

export function sampleJob(change: Partial<ProvisionerJob> = {}): ProvisionerJob {
  return {
    id: sampleId(5),
    created_at: sampleTime,
    started_at: sampleTime,
    completed_at: sampleTime,
    status: 'succeeded',
    file_id: zeroUuid,
    tags: {},
    queue_position: 0,
    queue_size: 0,
    organization_id: zeroUuid,
    initiator_id: meId,
    input: {},
    type: 'workspace_build',
    metadata: {
      template_version_name: 'v1',
      template_id: sampleId(3),
      template_name: 'scratch',
      template_display_name: 'Scratch',
      template_icon: '',
    },
    logs_overflowed: false,
    ...change,
  }
}

export function sampleAgent(change: Partial<WorkspaceAgent> = {}): WorkspaceAgent {
  return {
    id: sampleId(6),
    parent_id: null,
    created_at: sampleTime,
    updated_at: sampleTime,
    first_connected_at: sampleTime,
    status: 'connected',
    lifecycle_state: 'ready',
    name: 'main',
    resource_id: zeroUuid,
    architecture: 'amd64',
    environment_variables: {},
    operating_system: 'linux',
    logs_length: 0,
    logs_overflowed: false,
    expanded_directory: '/home/owner/src',
    version: 'v2.31.0',
    api_version: '2.0',
    apps: [],
    connection_timeout_seconds: 120,
    troubleshooting_url: '',
    subsystems: [],
    health: { healthy: true },
    display_apps: ['web_terminal'],
    log_sources: [],
    scripts: [],
    startup_script_behavior: 'non-blocking',
    ...change,
  }
}

export function sampleBuild(change: Partial<WorkspaceBuild> = {}, agents = [sampleAgent()]): WorkspaceBuild {
  return {
    id: sampleId(4),
    created_at: sampleTime,
    updated_at: sampleTime,
    workspace_id: sampleId(2),
    workspace_name: 'payments-api',
    workspace_owner_id: meId,
    workspace_owner_name: 'owner',
    template_version_id: sampleId(7),
    template_version_name: 'v1.2',
    build_number: 1,
    transition: 'start',
    initiator_id: meId,
    initiator_name: 'owner',
    job: sampleJob(),
    reason: 'initiator',
    resources: [
      {
        id: sampleId(8),
        created_at: sampleTime,
        job_id: sampleId(5),
        workspace_transition: 'start',
        type: 'local_folder',
        name: 'home',
        hide: false,
        icon: '',
        agents,
        daily_cost: 0,
      },
    ],
    deadline: null,
    status: 'running',
    daily_cost: 0,
    ...change,
  }
}

export function sampleWorkspace(change: Partial<Workspace> = {}): Workspace {
  return {
    id: sampleId(2),
    created_at: sampleTime,
    updated_at: sampleTime,
    owner_id: meId,
    owner_name: 'owner',
    owner_avatar_url: '',
    organization_id: zeroUuid,
    organization_name: 'default',
    template_id: sampleId(3),
    template_name: 'scratch',
    template_display_name: 'Scratch',
    template_icon: '',
    template_allow_user_cancel_workspace_jobs: true,
    template_active_version_id: sampleId(7),
    template_require_active_version: false,
    template_use_classic_parameter_flow: false,
    latest_build: sampleBuild(),
    outdated: false,
    name: 'payments-api',
    last_used_at: sampleTime,
    health: { healthy: true, failing_agents: [] },
    automatic_updates: 'never',
    allow_renames: false,
    favorite: false,
    is_prebuild: false,
    ...change,
  }
}

export function sampleTemplate(change: Partial<Template> = {}): Template {
  return {
    id: sampleId(3),
    created_at: sampleTime,
    updated_at: sampleTime,
    organization_id: zeroUuid,
    organization_name: 'default',
    organization_display_name: 'Default',
    organization_icon: '',
    name: 'scratch',
    display_name: 'Scratch',
    provisioner: 'terraform',
    active_version_id: sampleId(7),
    active_user_count: 1,
    build_time_stats: {},
    description: 'A folder and a shell on this machine.',
    deprecated: false,
    deprecation_message: '',
    deleted: false,
    icon: '',
    default_ttl_ms: 0,
    activity_bump_ms: 0,
    time_til_autostop_notify_ms: 0,
    autostop_requirement: { days_of_week: [], weeks: 0 },
    autostart_requirement: { days_of_week: [] },
    created_by_id: meId,
    created_by_name: 'owner',
    allow_user_autostart: true,
    allow_user_autostop: true,
    allow_user_cancel_workspace_jobs: true,
    failure_ttl_ms: 0,
    time_til_dormant_ms: 0,
    time_til_dormant_autodelete_ms: 0,
    require_active_version: false,
    max_port_share_level: 'owner',
    cors_behavior: 'simple',
    use_classic_parameter_flow: false,
    agents_allowed: false,
    disable_module_cache: false,
    ...change,
  }
}

export function sampleVersion(change: Partial<TemplateVersion> = {}): TemplateVersion {
  return {
    id: sampleId(7),
    created_at: sampleTime,
    updated_at: sampleTime,
    name: 'v1.2',
    message: '',
    job: sampleJob({ type: 'template_version_import' }),
    readme: '---\ndisplay_name: Scratch\n---\n\n# Scratch\n\nA folder and a shell.\n',
    created_by: { id: meId, username: 'owner' },
    archived: false,
    has_external_agent: false,
    ...change,
  }
}

export function sampleParameter(change: Partial<TemplateVersionParameter> = {}): TemplateVersionParameter {
  return {
    name: 'greeting',
    description: '',
    description_plaintext: '',
    type: 'string',
    form_type: 'input',
    mutable: true,
    default_value: '',
    icon: '',
    options: [],
    required: false,
    ephemeral: false,
    ...change,
  }
}

export function sampleJobLog(id: number, stage: string, output: string): ProvisionerJobLog {
  return { id, created_at: sampleTime, log_source: 'provisioner', log_level: 'info', stage, output }
}

/** An MCP server that wants a header of its users. */
export function sampleMcpServer(change: Partial<MCPServerConfig> = {}): MCPServerConfig {
  return {
    id: sampleId(9),
    display_name: 'Weather',
    slug: 'weather',
    description: 'Forecasts for every place',
    icon_url: '',
    transport: '',
    url: '',
    auth_type: 'custom_headers',
    has_oauth2_secret: false,
    has_api_key: false,
    has_custom_headers: false,
    custom_headers_user_keys: ['X-Api-Key'],
    custom_headers_user_key_descriptions: {},
    tool_allow_list: [],
    tool_deny_list: [],
    availability: 'default_on',
    enabled: true,
    model_intent: false,
    allow_in_plan_mode: false,
    forward_coder_headers: false,
    created_at: '2026-11-22T12:00:00Z',
    updated_at: '2026-11-22T12:00:00Z',
    auth_connected: false,
    ...change,
  }
}
