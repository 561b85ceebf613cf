import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock, type Clock } from '../../lib/clock.ts'
import { readArchive } from '../archive.ts'
import { importOwner, importWorkspace, type BuildContext } from '../build-context.ts'
import type {
  BuildPlan,
  BuildRequest,
  ImportedVersion,
  ImportRequest,
  PlannedResource,
  Provisioner,
  ProvisionerLog,
} from '../provisioner.ts'
import { TemplateError } from '../template-error.ts'
import { TemplateEvaluation } from '../template-evaluation.ts'
import { scanTemplate, type TemplateModule } from '../template-module.ts'
import { findTerraformPath } from './find-terraform.ts'
import type { JsonResource } from './plan-json.ts'
import { readParameters, readPresets } from './read-definitions.ts'
import { findAgentHosts, readResources } from './read-resources.ts'
import { TerraformRun, type TerraformRunOptions } from './terraform-run.ts'

export interface TerraformProvisionerOptions {
  /** Where `terraform` is looked for, and what its providers get of (see `terraform-environment.ts`). */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly clock?: Clock
}

/** The `terraform` or `tofu` of this machine, looked for anew by every job. */
export interface TerraformProvisioner extends Provisioner {
  readonly isAvailable: () => boolean
}

/** Workspaces of whatever Terraform can make. Their agents run on this machine, like those of all workspaces here. */
export function createTerraformProvisioner(options: TerraformProvisionerOptions): TerraformProvisioner {
  const { environment, clock = systemClock } = options
  let folder: string | undefined
  const whenAlone = createQueue()
  const find = (): TerraformRunOptions['binary'] | undefined =>
    findTerraformPath(environment['PATH'] ?? environment['Path'])
  const runOptions = (): TerraformRunOptions => {
    const binary = find()
    if (binary === undefined) {
      throw new TemplateError('Neither terraform nor tofu is on the search path any more. Install it again.')
    }
    folder ??= mkdtempSync(join(tmpdir(), 'outpost-terraform-'))
    return { binary, folder, environment, clock, whenAlone }
  }

  return {
    name: 'terraform',
    isAvailable: () => find() !== undefined,
    useFolder(path) {
      folder = path
      // What jobs of a run that was killed left: there may be secrets in it.
      rmSync(join(path, 'jobs'), { recursive: true, force: true, maxRetries: 3 })
    },
    importVersion: async (request) => importVersion(request, runOptions()),
    build: async (request) => build(request, runOptions()),
  }
}

async function importVersion(request: ImportRequest, options: TerraformRunOptions): Promise<ImportedVersion> {
  const { signal, log, variableValues } = request
  const files = readArchive(request.archive)
  const module = scanTemplate(files)
  const context = (transition: 'start' | 'stop'): BuildContext => ({
    transition,
    variableValues,
    parameterValues: {},
    workspace: {
      ...importWorkspace,
      templateId: importWorkspace.id,
      templateName: 'import',
      templateVersion: 'import',
    },
    owner: importOwner,
  })
  const variables = readVariables(module, context('start'))
  return TerraformRun.use(options, { files, signal, log }, async (run) => {
    const start = await run.plan(context('start'))
    const stop = await run.plan(context('stop'))
    warnOfAgentHosts(findAgentHosts(start.resources, start.graph), log)
    warnOfUnused(start.resources, log)
    return {
      readme: module.readme,
      variables,
      parameters: readParameters(start.resources),
      presets: readPresets(start.resources),
      startResources: readResources(start.resources, start.graph, 'start'),
      stopResources: readResources(stop.resources, stop.graph, 'stop'),
    }
  })
}

async function build(request: BuildRequest, options: TerraformRunOptions): Promise<BuildPlan> {
  const { signal, log, state, transition } = request
  if (transition === 'delete' && state === undefined) {
    log('info', 'Applying changes', 'Nothing was ever made, so there is nothing to remove.')
    return { resources: [] }
  }
  const files = readArchive(request.archive)
  return TerraformRun.use(options, { files, state, signal, log }, async (run) => {
    if (transition === 'delete') {
      await run.destroy(request)
      return withState([], new Uint8Array())
    }
    const { graph } = await run.plan(request)
    const resources = await run.apply(request)
    return withState(readResources(resources, graph, transition), run.state)
  })
}

function withState(resources: readonly PlannedResource[], state: Uint8Array | undefined): BuildPlan {
  return { resources, ...(state !== undefined && { state }) }
}

/** What a template declares; needed values are asked for before Terraform would fail for want of them. */
function readVariables(module: TemplateModule, context: BuildContext): ImportedVersion['variables'] {
  return new TemplateEvaluation(module, context).variables().map(({ wire }) => wire)
}

function warnOfAgentHosts(hosts: readonly JsonResource[], log: ProvisionerLog): void {
  for (const { address } of hosts) {
    log(
      'warn',
      'Planning infrastructure',
      `${address} would run an agent of its own on a Coder deployment. Here the agent runs on this machine, in the workspace's folder.`,
    )
  }
}

const unusedTypes = new Set([
  'coder_ai_task',
  'coder_devcontainer',
  'coder_external_agent',
  'coder_external_auth',
])

function warnOfUnused(resources: readonly JsonResource[], log: ProvisionerLog): void {
  for (const { address, type } of resources) {
    if (unusedTypes.has(type))
      log('warn', 'Planning infrastructure', `${address} has no effect on the local deployment.`)
  }
}

/** One after another, whatever becomes of the one before. */
function createQueue(): TerraformRunOptions['whenAlone'] {
  let last: Promise<unknown> = Promise.resolve()
  return (run) => {
    const result = last.then(run, run)
    last = result.catch(() => undefined)
    return result
  }
}
