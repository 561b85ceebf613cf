import { expect, test } from 'vitest'
import { createLocalProvisioner } from './local-provisioner.ts'
import type { BuildPlan, BuildRequest, ImportedVersion } from './provisioner.ts'
import { writeTar } from './tar-writer.ts'
import { TemplateError } from './template-error.ts'

const provisioner = createLocalProvisioner()
const signal = new AbortController().signal

function archiveOf(source: string, others: Readonly<Record<string, string>> = {}): Uint8Array {
  const files = Object.entries({ 'main.tf': source, ...others })
  return writeTar(files.map(([path, text]) => ({ path, content: Buffer.from(text) })))
}

function importSource(source: string, variableValues: Record<string, string> = {}): Promise<ImportedVersion> {
  return provisioner.importVersion({
    archive: archiveOf(source),
    variableValues,
    signal,
    log: () => undefined,
  })
}

function build(source: string, overrides: Partial<BuildRequest> = {}): Promise<BuildPlan> {
  return provisioner.build({
    archive: archiveOf(source, { 'hello.sh': '#!/bin/sh\necho ${name}\n' }),
    variableValues: {},
    signal,
    log: () => undefined,
    transition: 'start',
    parameterValues: {},
    workspace: {
      id: 'b5b1a9c5-5d6a-4d0a-a7d5-1d8e5e0f4f6a',
      name: 'my-workspace',
      templateId: 't',
      templateName: 'plain',
      templateVersion: 'v1',
      accessUrl: 'http://127.0.0.1:3000',
    },
    owner: { id: 'o', name: 'ada', fullName: 'Ada Lovelace', email: 'ada@example.com', groups: ['everyone'] },
    ...overrides,
  })
}

const agent = 'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n}\n'

test('plans an agent with everything that hangs on it', async () => {
  const plan = await build(
    `
data "coder_workspace" "me" {}
data "coder_workspace_owner" "me" {}
data "coder_parameter" "tool" {
  name    = "tool"
  default = "bash"
}
locals {
  greeting = "Hello \${coalesce(data.coder_workspace_owner.me.full_name, data.coder_workspace_owner.me.name)}"
  tools    = { git = 1, node = 2 }
}
resource "coder_agent" "main" {
  count          = data.coder_workspace.me.start_count
  os             = "linux"
  arch           = "amd64"
  dir            = "~/src"
  env            = { SHELL_NAME = data.coder_parameter.tool.value, KEEP = "agent" }
  startup_script = "echo \${local.greeting}"
  metadata {
    key      = "load"
    script   = "uptime"
    interval = 5
  }
  dynamic "metadata" {
    for_each = local.tools
    content {
      key    = metadata.key
      script = "\${metadata.key} --version"
      interval = 60
      order  = metadata.value
    }
  }
}
resource "coder_env" "keep" {
  agent_id = coder_agent.main[0].id
  name     = "KEEP"
  value    = "env"
}
resource "coder_env" "more" {
  for_each = toset(["A", "B"])
  agent_id = one(coder_agent.main[*].id)
  name     = "TOOL_\${each.key}"
  value    = each.value
}
resource "coder_script" "hello" {
  agent_id           = coder_agent.main[0].id
  display_name       = "Hello"
  run_on_start       = true
  start_blocks_login = true
  timeout            = 30
  script             = templatefile("\${path.module}/hello.sh", { name = data.coder_workspace.me.name })
}
resource "coder_app" "web" {
  agent_id = coder_agent.main[0].id
  slug     = "web"
  url      = "http://localhost:8080"
  share    = "owner"
  healthcheck {
    url       = "http://localhost:8080/health"
    interval  = 5
    threshold = 6
  }
}
resource "coder_metadata" "folder" {
  resource_id = coder_agent.main[0].id
  icon        = "/icon/folder.svg"
  item {
    key   = "owner"
    value = data.coder_workspace_owner.me.name
  }
}
`,
    { parameterValues: { tool: 'zsh' } },
  )
  expect(plan.resources).toHaveLength(1)
  const [resource] = plan.resources
  expect(resource).toMatchObject({
    type: 'local_folder',
    name: 'main',
    icon: '/icon/folder.svg',
    metadata: [{ key: 'owner', value: 'ada', sensitive: false }],
  })
  const [planned] = resource?.agents ?? []
  expect(planned?.environment).toEqual({ SHELL_NAME: 'zsh', KEEP: 'agent', TOOL_A: 'A', TOOL_B: 'B' })
  expect(
    planned?.scripts.map(({ displayName, script, timeoutSeconds }) => [displayName, script, timeoutSeconds]),
  ).toEqual([
    ['Startup Script', 'echo Hello Ada Lovelace', 0],
    ['Hello', '#!/bin/sh\necho my-workspace\n', 30],
  ])
  expect(planned?.apps[0]).toMatchObject({ slug: 'web', displayName: 'web', healthcheck: { interval: 5 } })
  expect(planned?.metadata.map(({ key, order }) => [key, order])).toEqual([
    ['load', 0],
    ['git', 1],
    ['node', 2],
  ])
})

test('keeps the folder of a stopped workspace and nothing of a deleted one', async () => {
  expect((await build(agent, { transition: 'stop' })).resources).toMatchObject([{ name: 'main', agents: [] }])
  expect((await build(agent, { transition: 'delete' })).resources).toEqual([])
})

test('imports parameters in their order with their rules, presets and variables', async () => {
  const imported = await importSource(
    `
variable "region" {
  description = "Where"
  default     = "eu"
}
variable "password" {
  type      = string
  sensitive = true
}
data "coder_parameter" "size" {
  name         = "size"
  display_name = "Size"
  description  = "How **big**, see [docs](https://example.com)"
  type         = "number"
  mutable      = true
  order        = 2
  default      = 3
  validation {
    min       = 1
    max       = 5
    monotonic = "increasing"
  }
}
data "coder_parameter" "editor" {
  name  = "editor"
  order = 1
  option {
    name  = "Vim"
    value = "vim"
  }
  option {
    name  = "Emacs"
    value = "emacs"
  }
}
data "coder_parameter" "tags" {
  name    = "tags"
  type    = "list(string)"
  default = jsonencode(["a", var.region])
  order   = 3
}
data "coder_workspace_preset" "small" {
  name    = "Small"
  default = true
  parameters = {
    (data.coder_parameter.size.name) = 1
  }
}
${agent}`,
    { password: 'seeded-secret' },
  )
  expect(imported.parameters).toMatchObject([
    {
      name: 'editor',
      type: 'string',
      form_type: 'radio',
      required: true,
      options: [{ value: 'vim' }, { value: 'emacs' }],
    },
    {
      name: 'size',
      form_type: 'input',
      default_value: '3',
      description_plaintext: 'How big, see docs',
      validation_min: 1,
      validation_max: 5,
      validation_monotonic: 'increasing',
    },
    { name: 'tags', form_type: 'tag-select', default_value: '["a","eu"]' },
  ])
  expect(imported.presets).toMatchObject([
    { Name: 'Small', Default: true, Parameters: [{ Name: 'size', Value: '1' }] },
  ])
  expect(imported.variables).toMatchObject([
    { name: 'region', value: 'eu', default_value: 'eu', required: false },
    { name: 'password', value: '', required: true, sensitive: true },
  ])
  expect(JSON.stringify(imported)).not.toContain('seeded-secret')
  expect(imported.startResources[0]?.agents).toHaveLength(1)
  expect(imported.stopResources[0]?.agents).toHaveLength(0)
})

test('says which variables a version needs', async () => {
  const failed = importSource('variable "a" {}\nvariable "b" {}\n')
  await expect(failed).rejects.toThrow('required template variables need values: a, b')
  await expect(failed).rejects.toMatchObject({ code: 'REQUIRED_TEMPLATE_VARIABLES' })
})

const terraformNeeded =
  'needs Terraform: the built-in provisioner only runs workspaces as folders on this machine. ' +
  'Install terraform or tofu and upload the template again, or use a template without it.'

test.each([
  [
    '\nresource "docker_container" "workspace" {}\n',
    `main.tf:2:1: resource "docker_container" "workspace" ${terraformNeeded}`,
  ],
  ['data "aws_ami" "x" {}', `main.tf:1:1: data "aws_ami" "x" ${terraformNeeded}`],
  ['module "x" {}', `main.tf:1:1: module "x" ${terraformNeeded}`],
  [
    'module "code" {\n  source = "registry.coder.com/coder/code-server/coder"\n}',
    `main.tf:1:1: module "code" from "registry.coder.com/coder/code-server/coder" ${terraformNeeded}`,
  ],
  ['resource "null_resource" "x" {}', `main.tf:1:1: resource "null_resource" "x" ${terraformNeeded}`],
  [
    'resource "coder_external_agent" "x" {}',
    'resource "coder_external_agent" "x" is about agents that are started elsewhere, which the local deployment does not have.',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n  auth = "aws-instance-identity"\n}',
    'main.tf:4:3: coder_agent.main, argument "auth": "aws-instance-identity" is not possible here. There are "token".',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n  metadata {\n    key = "a"\n    script = "x"\n  }\n}',
    'The number of seconds between two runs is needed.',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n  metadata {\n    key = "a"\n    script = "x"\n    interval = 1\n  }\n  metadata {\n    key = "a"\n    script = "y"\n    interval = 1\n  }\n}',
    'Two metadata blocks have the key "a".',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n  resources_monitoring {\n    memory {\n      enabled = true\n      threshold = 101\n    }\n  }\n}',
    'argument "threshold": A percentage from 0 to 100 is needed.',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n  lifecycle {\n    precondition {\n      condition = 1 > 2\n      error_message = "Never."\n    }\n  }\n}',
    'main.tf:5:5: coder_agent.main: Never.',
  ],
  ['variable "x" {\n  type = lst(string)\n}', 'main.tf:2:10: This is no type.'],
  [
    'variable "x" {\n  type = list(number)\n  default = [1, "b"]\n}',
    'The value of variable "x" has the wrong type: element 1: a number is needed here, not the text "b".',
  ],
  ['variable "x" {\n  type = object({ a = string })\n  default = {}\n}', 'the attribute "a" is needed here.'],
  [
    'locals {\n  x = cidrhost("10.0.0.0/8", 1)\n}',
    'main.tf:2:7: The function cidrhost() is not known to the built-in provisioner. Install terraform or tofu to use it.',
  ],
  [`${agent}${agent}`, 'The resource "coder_agent" "main" is declared twice; the first time in main.tf:1.'],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n}',
    'main.tf:1:1: coder_agent.main needs the argument "arch".',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "beos"\n  arch = "amd64"\n}',
    'main.tf:2:3: coder_agent.main, argument "os": "beos" is not possible here.',
  ],
  [
    'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n  direktory = "/"\n}',
    'main.tf:4:3: coder_agent.main has no argument "direktory".',
  ],
  [
    `${agent}resource "coder_app" "x" {\n  agent_id = "nobody"\n  slug = "x"\n}`,
    'This is not the id of a coder_agent that exists in this build.',
  ],
  [
    `${agent}resource "coder_app" "x" {\n  agent_id = coder_agent.main.id\n  slug = "Not A Slug"\n}`,
    'Only a-z, 0-9 and single hyphens',
  ],
  [
    `${agent}resource "coder_script" "x" {\n  agent_id = coder_agent.main.id\n  display_name = "X"\n  script = "true"\n  cron = "every day"\n}`,
    'argument "cron": "every day" is no cron expression',
  ],
  [
    `${agent}resource "coder_env" "x" {\n  agent_id = coder_agent.main.id\n  name = "T"\n  value = coder_agent.main.token\n}`,
    'the local deployment starts the agent itself',
  ],
  [
    'locals {\n  a = local.b\n  b = local.a\n}\noutput "x" {}\nresource "coder_agent" "main" {\n  os = local.a\n  arch = "amd64"\n}',
    'These refer to each other in a circle: local.a → local.b → local.a.',
  ],
  [
    'data "coder_parameter" "x" {\n  name = "x"\n  default = "a"\n  option {\n    name = "b"\n    value = "b"\n  }\n}',
    'main.tf:3:3: data.coder_parameter.x, argument "default": "a" is not one of the options: "b".',
  ],
  [
    'data "coder_parameter" "x" {\n  name = "x"\n  form_type = "slider"\n}',
    '"slider" is not possible here. There are "input", "textarea".',
  ],
  [
    'data "coder_parameter" "x" {\n  name = "x"\n  validation {\n    regex = "("\n    error = "e"\n  }\n}',
    'is not a regular expression that is understood here',
  ],
  [
    'data "coder_parameter" "x" {\n  name = "x"\n}\ndata "coder_parameter" "y" {\n  name = "x"\n}',
    'Two parameters are named "x".',
  ],
  [
    'variable "x" {\n  type = number\n  default = "a"\n}',
    'The value of variable "x" has the wrong type: a number is needed here, not the text "a".',
  ],
])('refuses %j in words', async (source, message) => {
  const failed = importSource(source)
  await expect(failed).rejects.toBeInstanceOf(TemplateError)
  await expect(failed).rejects.toThrow(message)
})

test('refuses an archive without a template', async () => {
  const archive = writeTar([{ path: 'sub/main.tf', content: Buffer.from(agent) }])
  const failed = provisioner.importVersion({ archive, variableValues: {}, signal, log: () => undefined })
  await expect(failed).rejects.toThrow('The template has no .tf file in its top folder. Add a main.tf.')
})

test('checks a variable by the template’s own rule', async () => {
  const source =
    'variable "n" {\n  type = number\n  default = 1\n  validation {\n    condition = var.n < 5\n    error_message = "n is too big."\n  }\n}\n'
  await expect(importSource(source)).resolves.toBeDefined()
  await expect(importSource(source, { n: '9' })).rejects.toThrow(
    'The value of variable "n" is not possible: n is too big.',
  )
})

test('merges variables of one name as their blocks say, below the agent’s own', async () => {
  const entry = (label: string, name: string, value: string, strategy?: string): string => `
resource "coder_env" "${label}" {
  agent_id = coder_agent.main.id
  name     = "${name}"
  value    = "${value}"
  ${strategy === undefined ? '' : `merge_strategy = "${strategy}"`}
}
`
  const source = `
resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
  env  = { OWN = "agent" }
}
${entry('c', 'PATHS', 'three', 'prepend')}${entry('a', 'PATHS', 'one')}${entry('b', 'PATHS', 'two', 'append')}
${entry('d', 'LAST', 'first')}${entry('e', 'LAST', 'second')}${entry('f', 'OWN', 'env')}${entry('g', 'ALONE', 'x', 'error')}`
  const plan = await build(source)
  expect({ ...plan.resources[0]?.agents[0]?.environment }).toEqual({
    OWN: 'agent',
    PATHS: 'three:one:two',
    LAST: 'second',
    ALONE: 'x',
  })
  await expect(build(`${source}${entry('h', 'LAST', 'x', 'error')}`)).rejects.toThrow(
    'Another coder_env sets LAST as well, which this one forbids.',
  )
})

test('reads variables of every type', async () => {
  const source = `
variable "tags" {
  type    = set(string)
  default = ["b", "a", "b"]
}
variable "machine" {
  type = object({ size = optional(number, 2), zone = string, notes = optional(list(string)) })
}
variable "pair" {
  type    = tuple([string, bool])
  default = [1, "true"]
}
variable "limits" {
  type     = map(number)
  default  = { cpu = "4" }
  nullable = false
}
output "x" {
  value = 1
}
resource "coder_agent" "main" {
  os   = "linux"
  arch = "amd64"
  env = {
    TAGS    = join(",", var.tags)
    MACHINE = jsonencode(var.machine)
    PAIR    = jsonencode(var.pair)
    LIMITS  = jsonencode(var.limits)
  }
}
`
  const variableValues = { machine: '{"zone": "eu", "size": "3", "other": 1}', limits: 'null' }
  const plan = await build(source, { variableValues })
  expect({ ...plan.resources[0]?.agents[0]?.environment }).toEqual({
    TAGS: 'a,b',
    MACHINE: '{"notes":null,"size":3,"zone":"eu"}',
    PAIR: '["1",true]',
    LIMITS: '{"cpu":4}',
  })
  const { variables } = await importSource(source, variableValues)
  expect(variables.map(({ name, type, value }) => [name, type, value])).toEqual([
    ['tags', 'string', '["a","b"]'],
    ['machine', 'string', '{"notes":null,"size":3,"zone":"eu"}'],
    ['pair', 'string', '["1",true]'],
    ['limits', 'string', '{"cpu":4}'],
  ])
  await expect(importSource(source, { machine: '{}' })).rejects.toThrow(
    'The value of variable "machine" has the wrong type: the attribute "zone" is needed here.',
  )
})

test('ignores what only concerns Terraform itself', async () => {
  const source = `
provider "docker" {
  host = "unix:///somewhere"
}
moved {
  from = coder_agent.old
  to   = coder_agent.main
}
${agent}`
  expect((await build(source)).resources).toHaveLength(1)
})

test('stops when it is told to', async () => {
  const aborted = AbortSignal.abort(new Error('canceled'))
  await expect(build(agent, { signal: aborted })).rejects.toThrow('canceled')
})
