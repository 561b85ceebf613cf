/** A template for Docker, and what Terraform would plan and make of it: as `terraform show -json` has it. */
export const dockerTemplate = `
terraform {
  required_providers {
    coder  = { source = "coder/coder" }
    docker = { source = "kreuzwerker/docker" }
  }
}

variable "socket" {
  type      = string
  sensitive = true
}

provider "docker" {
  host = var.socket
}

data "coder_workspace" "me" {}

data "coder_parameter" "image" {
  name    = "image"
  default = "debian"
  mutable = true
}

resource "coder_agent" "main" {
  os             = "linux"
  arch           = "amd64"
  startup_script = "echo hello"
}

resource "coder_app" "web" {
  agent_id = coder_agent.main.id
  slug     = "web"
  url      = "http://localhost:8080"
}

resource "docker_container" "workspace" {
  count      = data.coder_workspace.me.start_count
  name       = "workspace"
  image      = data.coder_parameter.image.value
  entrypoint = ["sh", "-c", coder_agent.main.init_script]
}

resource "docker_volume" "home" {
  name = "home"
}

resource "coder_metadata" "home" {
  resource_id = docker_volume.home.id
  icon        = "/icon/folder.svg"
  item {
    key   = "size"
    value = "10 GiB"
  }
}
`

export const dockerGraph = `digraph G {
  rankdir = "RL";
  node [shape = rect, fontname = "sans-serif"];
  "coder_agent.main" [label="coder_agent.main"];
  "coder_app.web" -> "coder_agent.main";
  "coder_metadata.home" -> "docker_volume.home";
  "docker_container.workspace" -> "coder_agent.main";
  "docker_container.workspace" -> "data.coder_parameter.image";
}
`

const parameter = {
  address: 'data.coder_parameter.image',
  mode: 'data',
  type: 'coder_parameter',
  name: 'image',
  values: {
    id: '5f6f0a0e-0000-4000-8000-000000000001',
    name: 'image',
    display_name: null,
    description: 'Which **image**',
    type: 'string',
    form_type: 'input',
    mutable: true,
    default: 'debian',
    icon: null,
    option: null,
    optional: true,
    order: null,
    ephemeral: false,
    styling: '{}',
    value: 'debian',
    validation: [
      {
        min: 0,
        max: 0,
        min_disabled: true,
        max_disabled: true,
        monotonic: '',
        regex: '^[a-z]+$',
        error: 'Use letters.',
      },
    ],
  },
}

function managed(
  address: string,
  values: Readonly<Record<string, unknown>>,
  index?: number,
): Readonly<Record<string, unknown>> {
  const [type = '', name = ''] = address.split('.')
  const id = index === undefined ? address : `${address}[${index}]`
  return { address: id, mode: 'managed', type, name, ...(index !== undefined && { index }), values }
}

/** What is planned or there; without `withIds` ids are not known yet, as in a plan. */
function resources(isRunning: boolean, withIds: boolean): unknown[] {
  const id = (value: string): object => (withIds ? { id: value } : {})
  return [
    managed('coder_agent.main', {
      ...id('agent-id'),
      os: 'linux',
      arch: 'amd64',
      auth: 'token',
      api_key_scope: 'all',
      dir: null,
      env: null,
      startup_script: 'echo hello',
      shutdown_script: null,
      startup_script_behavior: 'non-blocking',
      connection_timeout: 120,
      troubleshooting_url: null,
      motd_file: null,
      order: null,
      metadata: [{ key: 'load', display_name: 'Load', script: 'uptime', interval: 5, timeout: 1, order: 1 }],
      display_apps: [
        {
          vscode: false,
          vscode_insiders: false,
          web_terminal: true,
          ssh_helper: false,
          port_forwarding_helper: false,
        },
      ],
      resources_monitoring: [],
      ...(withIds && { token: 'seeded-secret-agent-token', init_script: '#!/bin/sh' }),
    }),
    managed('coder_app.web', {
      ...id('app-id'),
      ...(withIds && { agent_id: 'agent-id' }),
      slug: 'web',
      display_name: 'Web',
      url: 'http://localhost:8080',
      command: null,
      icon: null,
      external: false,
      subdomain: null,
      share: 'owner',
      healthcheck: [],
      order: null,
      group: null,
      hidden: false,
      open_in: 'slim-window',
      tooltip: null,
    }),
    managed('coder_metadata.home', {
      ...id('metadata-id'),
      ...(withIds && { resource_id: 'volume-id' }),
      hide: null,
      icon: '/icon/folder.svg',
      daily_cost: null,
      item: [{ key: 'size', value: '10 GiB', sensitive: false, is_null: false }],
    }),
    ...(isRunning
      ? [managed('docker_container.workspace', { ...id('container-id'), name: 'workspace' }, 0)]
      : []),
    managed('docker_volume.home', { ...id('volume-id'), name: 'home' }),
  ]
}

const plan = (isRunning: boolean): unknown => ({
  format_version: '1.2',
  planned_values: { root_module: { resources: resources(isRunning, false) } },
  prior_state: { format_version: '1.0', values: { root_module: { resources: [parameter] } } },
})

const state = (isRunning: boolean): unknown => ({
  format_version: '1.0',
  values: { root_module: { resources: [parameter, ...resources(isRunning, true)] } },
})

/** For the stand-in. */
export const dockerScenario = {
  graph: dockerGraph,
  plans: { start: plan(true), stop: plan(false) },
  states: { start: state(true), stop: state(false), destroy: { format_version: '1.0' } },
}
