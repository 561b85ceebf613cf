import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createStandInTerraform,
  type StandInScenario,
  type StandInTerraform,
} from '../../testing/stand-in-terraform.ts'
import { templateArchive } from '../../testing/template-archive.ts'
import { dockerScenario, dockerTemplate } from '../../testing/terraform-workspace.ts'
import { BuildFailure, type BuildRequest, type Provisioner } from '../provisioner.ts'
import { createTemplateProvisioner } from '../template-provisioner.ts'
import { TemplateError } from '../template-error.ts'

const archive = templateArchive({
  'main.tf': dockerTemplate,
  'README.md': '# Docker\n',
  'terraform.tfstate': 'theirs',
})
const secret = 'seeded-secret-socket'

let folder: string
let lines: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-terraform-'))
  lines = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function setUp(scenario: Partial<StandInScenario> = {}): {
  provisioner: Provisioner
  terraform: StandInTerraform
} {
  const terraform = createStandInTerraform(join(folder, 'bin'), { ...dockerScenario, ...scenario })
  const environment = {
    PATH: `${terraform.folder}:/usr/bin:/bin`,
    HOME: folder,
    AWS_SECRET_ACCESS_KEY: 'seeded-secret-cloud',
    CODER_SESSION_TOKEN: 'seeded-secret-session',
  }
  const provisioner = createTemplateProvisioner({ environment })
  provisioner.useFolder?.(join(folder, 'data'))
  return { provisioner, terraform }
}

const log = (level: string, stage: string, output: string): void => {
  lines.push(`${level} ${stage}: ${output}`)
}

function buildRequest(overrides: Partial<BuildRequest> = {}): BuildRequest {
  return {
    archive,
    variableValues: { socket: secret },
    signal: new AbortController().signal,
    log,
    transition: 'start',
    parameterValues: { image: 'alpine' },
    workspace: {
      id: 'b5b1a9c5-5d6a-4d0a-a7d5-1d8e5e0f4f6a',
      name: 'my-workspace',
      templateId: 't',
      templateName: 'docker',
      templateVersion: 'v1',
      accessUrl: 'http://127.0.0.1:3000',
    },
    owner: { id: 'o', name: 'ada', fullName: 'Ada Lovelace', email: 'ada@example.com', groups: ['everyone'] },
    ...overrides,
  }
}

const leftJobs = (): string[] => {
  const jobs = join(folder, 'data', 'jobs')
  return existsSync(jobs) ? readdirSync(jobs) : []
}

test('imports what the built-in provisioner cannot run', async () => {
  const { provisioner, terraform } = setUp()
  const imported = await provisioner.importVersion(buildRequest())
  expect(imported.readme).toBe('# Docker\n')
  expect(imported.variables).toMatchObject([{ name: 'socket', sensitive: true, required: true, value: '' }])
  expect(imported.parameters).toMatchObject([
    {
      name: 'image',
      type: 'string',
      form_type: 'input',
      default_value: 'debian',
      mutable: true,
      required: false,
      description_plaintext: 'Which image',
      validation_regex: '^[a-z]+$',
      validation_error: 'Use letters.',
    },
  ])
  expect(imported.parameters[0]).not.toHaveProperty('validation_min')
  expect(imported.startResources).toMatchObject([
    {
      type: 'docker_container',
      agents: [
        {
          name: 'main',
          displayApps: ['web_terminal'],
          scripts: [{ script: 'echo hello' }],
          apps: [{ slug: 'web', displayName: 'Web' }],
          metadata: [{ key: 'load', interval: 5 }],
        },
      ],
    },
    {
      type: 'docker_volume',
      icon: '/icon/folder.svg',
      metadata: [{ key: 'size', value: '10 GiB' }],
      agents: [],
    },
  ])
  expect(imported.stopResources.map(({ type, agents }) => [type, agents.length])).toEqual([
    ['docker_volume', 0],
    ['local_folder', 0],
  ])
  expect(terraform.calls().map((call) => call.split(' ')[0])).toEqual([
    ...['version', 'init', 'plan', 'show', 'graph', 'plan', 'show', 'graph'],
  ])
  expect(lines.join('\n')).toMatch(/warn .*docker_container\.workspace\[0\] would run an agent of its own/)
  expect(leftJobs()).toEqual([])
})

test('leaves templates of its own to the built-in provisioner', async () => {
  const { provisioner, terraform } = setUp()
  const source = 'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n}\n'
  const plan = await provisioner.build(buildRequest({ archive: templateArchive({ 'main.tf': source }) }))
  expect(plan.resources).toMatchObject([{ type: 'local_folder' }])
  expect(plan).not.toHaveProperty('state')
  expect(terraform.calls()).toEqual([])
})

test('refuses by name what only a Coder deployment has, whether or not there is Terraform', async () => {
  const { provisioner, terraform } = setUp()
  const source = 'resource "coder_ai_task" "x" {\n  app_id = "x"\n}\n'
  const failed = provisioner.importVersion(buildRequest({ archive: templateArchive({ 'main.tf': source }) }))
  await expect(failed).rejects.toThrow(
    'main.tf:1:1: resource "coder_ai_task" "x" is about tasks for AI agents, which the local deployment does not have.',
  )
  expect(terraform.calls()).toEqual([])
})

test('says what is missing where there is no Terraform', async () => {
  const provisioner = createTemplateProvisioner({ environment: { PATH: folder } })
  await expect(provisioner.importVersion(buildRequest())).rejects.toThrow(/docker_container.*needs Terraform/)
})

test('asks for variables before Terraform would fail for want of them', async () => {
  const { provisioner, terraform } = setUp()
  const failed = provisioner.importVersion(buildRequest({ variableValues: {} }))
  await expect(failed).rejects.toMatchObject({ code: 'REQUIRED_TEMPLATE_VARIABLES' })
  expect(terraform.calls()).toEqual([])
})

test('builds with the values and the state it is given, and answers the new state', async () => {
  const { provisioner, terraform } = setUp()
  const plan = await provisioner.build(buildRequest({ state: Buffer.from('{"serial":"first"}') }))
  expect(plan.resources.map(({ type, agents }) => [type, agents.length])).toEqual([
    ['docker_container', 1],
    ['docker_volume', 0],
  ])
  expect(plan.resources[0]?.agents[0]?.apps).toHaveLength(1)
  expect(Buffer.from(plan.state ?? []).toString()).toBe('{"serial":"apply-start after serialfirst"}')
  const environment = terraform.environment('plan')
  expect(environment).toMatchObject({
    CODER_WORKSPACE_TRANSITION: 'start',
    CODER_WORKSPACE_NAME: 'my-workspace',
    CODER_WORKSPACE_OWNER: 'ada',
    CODER_WORKSPACE_OWNER_GROUPS: '["everyone"]',
    CODER_WORKSPACE_TEMPLATE_NAME: 'docker',
    CODER_AGENT_URL: 'http://127.0.0.1:3000',
    // sha256 of "image"
    CODER_PARAMETER_6105d6cc76af400325e94d588ce511be5bfdbb73b437dc51eca43917d7a43e3d: 'alpine',
    TF_VAR_socket: secret,
    TF_PLUGIN_CACHE_DIR: join(folder, 'data', 'plugins'),
  })
  expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY')
  expect(environment).not.toHaveProperty('CODER_SESSION_TOKEN')
  expect(environment['CODER_AGENT_SCRIPT_linux_amd64']).toBe('#!/bin/sh')
  // Neither a value of a variable nor the agent's token is in an argument, the log or the plan.
  const shown = [...terraform.calls(), ...lines, JSON.stringify(plan.resources)].join('\n')
  expect(shown).not.toContain('seeded-secret')
  expect(lines.join('\n')).toContain('info Applying changes: docker_container.workspace: Creation complete')
  expect(leftJobs()).toEqual([])
})

test('a stop keeps what stays, and a delete removes what there is', async () => {
  const { provisioner, terraform } = setUp()
  const stop = await provisioner.build(buildRequest({ transition: 'stop', state: Buffer.from('x') }))
  expect(stop.resources.flatMap(({ agents }) => agents)).toEqual([])
  expect(stop.state).toBeDefined()
  const removed = await provisioner.build(buildRequest({ transition: 'delete', state: Buffer.from('x') }))
  expect(removed).toEqual({ resources: [], state: new Uint8Array() })
  expect(terraform.environment('destroy')['CODER_WORKSPACE_TRANSITION']).toBe('destroy')
  const before = terraform.calls().length
  const nothing = await provisioner.build(buildRequest({ transition: 'delete' }))
  expect(nothing.resources).toEqual([])
  expect(terraform.calls()).toHaveLength(before)
})

test('uses Terraform for what it made even when the template has become one of the built-in provisioner', async () => {
  const { provisioner, terraform } = setUp()
  const source = 'resource "coder_agent" "main" {\n  os = "linux"\n  arch = "amd64"\n}\n'
  const request = { archive: templateArchive({ 'main.tf': source }), state: Buffer.from('x') }
  await provisioner.build(buildRequest({ ...request, transition: 'delete' }))
  expect(terraform.calls().some((call) => call.startsWith('destroy'))).toBe(true)
})

test('a failed apply tells why and where, and keeps what was made', async () => {
  const diagnostic = {
    '@level': 'error',
    '@message': 'Error: no such image',
    type: 'diagnostic',
    diagnostic: {
      severity: 'error',
      summary: 'no such image',
      detail: 'alpine was not found.',
      range: { filename: 'main.tf', start: { line: 40, column: 3 } },
    },
  }
  const { provisioner } = setUp({ failure: { command: 'apply', lines: [JSON.stringify(diagnostic)] } })
  const error = await provisioner.build(buildRequest()).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(BuildFailure)
  expect(error).toMatchObject({ message: 'main.tf:40:3: no such image: alpine was not found.' })
  expect(Buffer.from((error as BuildFailure).state ?? []).toString()).toContain('half')
  expect(leftJobs()).toEqual([])
})

test('says what init complains about', async () => {
  const stderr = 'Error: Failed to query available provider packages\n\nCould not connect to the registry.\n'
  const { provisioner } = setUp({ failure: { command: 'init', lines: [], stderr } })
  const failed = provisioner.importVersion(buildRequest())
  await expect(failed).rejects.toThrow(
    'Error: Failed to query available provider packages Could not connect to the registry.',
  )
  await expect(failed).rejects.toBeInstanceOf(TemplateError)
})

test('an abort interrupts an apply, waits for its end and keeps the state', async () => {
  const { provisioner, terraform } = setUp({ holdApply: true })
  const abort = new AbortController()
  const building = provisioner
    .build(buildRequest({ signal: abort.signal }))
    .catch((thrown: unknown) => thrown)
  await vi.waitFor(() => expect(terraform.isHeld()).toBe(true), { timeout: 30_000 })
  abort.abort(new Error('canceled'))
  const error = await building
  expect(error).toBeInstanceOf(BuildFailure)
  expect(error).toMatchObject({ message: 'canceled' })
  expect(Buffer.from((error as BuildFailure).state ?? []).toString()).toContain('interrupted')
  expect(leftJobs()).toEqual([])
})

test('refuses a Terraform that is too old', async () => {
  const { provisioner } = setUp({ version: '0.15.5' })
  await expect(provisioner.importVersion(buildRequest())).rejects.toThrow(
    'The terraform on this machine is version 0.15.5; at least 1.3 is needed.',
  )
})

test('keeps its folder to itself and clears what a killed run left', () => {
  const jobs = join(folder, 'data', 'jobs', 'job-old')
  mkdirSync(jobs, { recursive: true })
  writeFileSync(join(jobs, 'terraform.tfstate'), 'seeded-secret-state')
  setUp()
  expect(leftJobs()).toEqual([])
  expect(statSync(join(folder, 'data')).isDirectory()).toBe(true)
})
